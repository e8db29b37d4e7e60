// The form for a question and the page that tells what became of it. Loaded after attendee.js; both work without it.
"use strict";

(() => {
  const { store, element, remember } = window.attendee;
  const body = document.body;

  // Drafts ------------------------------------------------------------------------------------------------------

  const form = document.querySelector("main form[data-draft], main form[data-writes]");
  const draft = form?.dataset.draft && `draft ${form.dataset.draft}`;
  if (form) {
    const text = form.elements.text;
    if (draft && !text.value) text.value = store.get(draft) ?? "";
    if (draft) text.addEventListener("input", () => store.set(draft, text.value));
    // A double tap sends once; the server would recognise the key in any case.
    form.addEventListener("submit", () => {
      store.set("written", "1");
      if (draft) store.set("sending", draft);
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
    });
    window.addEventListener("pageshow", () => {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });

    const left = form.querySelector("[data-count]");
    if (left) {
      const words = left.textContent;
      const count = () => {
        const rest = text.maxLength - text.value.length;
        left.textContent = text.value ? `${left.dataset.count} ${rest}` : words;
        left.classList.toggle("few", rest < 100);
      };
      text.addEventListener("input", count);
      count();
    }
  }

  // Who asks, remembered on this device and nowhere else ----------------------------------------------------------

  for (const name of ["name", "institution"]) {
    const field = form?.elements[name];
    if (!field) continue;
    if (!field.value) field.value = store.get(`my ${name}`) ?? "";
    form.addEventListener("submit", () => store.set(`my ${name}`, field.value.trim()));
  }

  // To whom ---------------------------------------------------------------------------------------------------------

  const to = form?.querySelector("[data-to]");
  if (to) {
    // "item" is also a method of the collection.
    const item = form.elements.namedItem("item");
    const person = form.elements.namedItem("to");
    const nameless = new Set((form.dataset.nameless ?? "").split(" ").filter(Boolean));
    const names = form.querySelector("[data-names]");
    const none = form.querySelector("[data-no-names]");
    const show = () => {
      const chosen = [person, item].filter((each) => each.value).map((each) => each.selectedOptions[0].textContent);
      to.textContent = chosen.join(", ") || item.options[0].textContent;
      const hidden = nameless.has(item.value);
      none.hidden = !hidden;
      // A form that was made for a session without names has no field for one: another is fetched, the draft stays.
      if (!hidden && !form.elements.name) location.search = new URLSearchParams({ item: item.value, to: person.value });
      names.hidden = hidden;
    };
    item.addEventListener("change", show);
    person.addEventListener("change", show);
  }

  // Similar questions, while one types --------------------------------------------------------------------------------

  const hints = form?.querySelector("[data-similar]");
  if (hints) {
    let timer = 0;
    let asked = "";
    const ask = async () => {
      const text = form.elements.text.value.trim();
      if (text === asked || (text.length < 15 && !hints.childElementCount)) return;
      asked = text;
      const data = new URLSearchParams({ text, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      try {
        const answer = await fetch(hints.dataset.similar, { method: "POST", body: data });
        const found = answer.ok && element(await answer.text());
        if (text === asked) hints.replaceChildren(...(found ? [found] : []));
      } catch (error) {
        // No connection: before it is sent for good the server looks anyway.
        if (!(error instanceof TypeError)) throw error;
      }
    };
    form.elements.text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 700);
    });
  }
  for (const instead of document.querySelectorAll("form[data-instead]")) {
    instead.addEventListener("submit", () => {
      store.set("written", "1");
      if (draft) store.drop(draft);
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
