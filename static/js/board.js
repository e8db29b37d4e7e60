// The form for a question and the page that tells what became of it. Loaded after attendee.js; both work without it.
"use strict";

(() => {
  const { store, element, remember } = window.attendee;
  const body = document.body;

  // Drafts ------------------------------------------------------------------------------------------------------

  const form = document.querySelector("form[data-draft]");
  if (form) {
    const key = `draft ${form.dataset.draft}`;
    const text = form.elements.text;
    if (!text.value) text.value = store.get(key) ?? "";
    text.addEventListener("input", () => store.set(key, text.value));
    // A double tap sends once; the server would recognise the key in any case.
    form.addEventListener("submit", () => {
      store.set("written", "1");
      store.set("sending", key);
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
    });
    window.addEventListener("pageshow", () => {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });
  }
  if (document.querySelector("[data-sent]")) {
    store.drop(store.get("sending") ?? "");
    store.drop("sending");
    store.set("written", "1");
  }

  // What became of my questions ---------------------------------------------------------------------------------

  const mine = document.getElementById("me");
  if (mine) {
    let asked = 0;
    const look = async () => {
      const shown = document.getElementById("me");
      // Nothing is taken away from under a finger or the keyboard.
      if (document.hidden || shown.contains(document.activeElement)) return;
      asked = Date.now();
      try {
        const answer = await fetch(body.dataset.me, { headers: { "HX-Request": "true" } });
        if (answer.ok) shown.replaceWith(element(await answer.text()));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    };
    // News of one of mine at once; what is said to me alone (a reason, a refusal) is on no stream.
    document.addEventListener("live", ({ detail: { kind, data } }) => {
      const about = kind === "gone" ? data : element(data || "<i></i>")?.dataset.post;
      if (kind === "refresh" || document.querySelector(`[data-mine="${CSS.escape(about ?? "")}"]`)) look();
    });
    setInterval(() => { if (Date.now() - asked > 14000) look(); }, 5000);
    document.addEventListener("visibilitychange", look);
    for (const id of (mine.dataset.voted ?? "").split(" ").filter(Boolean)) remember(id, true);
  }
})();
