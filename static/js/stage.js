// Keeps the chair's page, a room's screen and a speaker's page up to date. Forms and a refresh work without it.
"use strict";

(() => {
  const body = document.body;
  const lang = document.documentElement.lang;
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // The panel -------------------------------------------------------------------------------------------------

  let touched = 0;
  let pressed = false;
  let closed = false;

  const panel = () => document.getElementById("panel");

  // A finger that is down or has just moved keeps everything in its place; and what has just changed takes no tap for a
  // moment, so that a tap meant for the old one never falls on the new one.
  // Answers may overtake each other: what was asked for last is what is shown.
  let turns = 0;
  let newest = 0;

  const show = async (html, turn) => {
    newest = Math.max(newest, turn);
    while (pressed || Date.now() - touched < 800) await pause(200);
    if (turn < newest) return;
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.querySelector("#panel") ?? box.content.firstElementChild;
    if (fresh?.id !== "panel" || !panel()) return;
    const open = panel().querySelector("details")?.open;
    panel().replaceWith(fresh);
    if (open) panel().querySelector("details")?.setAttribute("open", "");
    body.dataset.made = fresh.dataset.made ?? body.dataset.made;
    fresh.classList.add("just-changed");
    setTimeout(() => fresh.classList.remove("just-changed"), 450);
    shield();
    startClock();
  };

  // What the desk has to say comes first, for the keyboard too.
  const shield = () => {
    const say = document.querySelector(".say");
    if (say) say.inert = Boolean(panel()?.querySelector(".from-desk"));
  };

  const tell = (text) => {
    let line = document.querySelector(".as-of");
    if (!text) return line?.remove();
    if (!line) {
      line = document.createElement("p");
      line.className = "as-of";
      line.setAttribute("role", "status");
      body.prepend(line);
    }
    line.textContent = text;
  };

  const refuse = (line) => {
    if (!line) return;
    const copy = line.cloneNode(true);
    line.remove();
    document.querySelector(".refused")?.remove();
    copy.classList.add("refused");
    document.querySelector("main").prepend(copy);
    setTimeout(() => copy.remove(), 12000);
  };

  const away = (down) => {
    if (closed) return;
    if (!down) return tell("");
    const time = new Date(body.dataset.made).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
    tell(`${body.dataset.asOf} ${time}`);
  };

  // Revoked: nothing of the room stays on the device.
  const shut = () => {
    closed = true;
    close();
    document.querySelector("main").replaceChildren();
    tell(body.dataset.closed);
  };

  const take = async (answer, turn) => {
    if (answer.status === 410 || answer.status === 404 || answer.redirected) return shut();
    if (answer.status >= 500) return away(true);
    away(false);
    await show(await answer.text(), turn);
  };

  const refetch = async () => {
    if (closed || !panel()) return;
    try {
      turns += 1;
      const turn = turns;
      await take(await fetch(location.href, { headers: { "HX-Request": "true" }, cache: "no-store" }), turn);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      away(true);
    }
  };

  // The stream ------------------------------------------------------------------------------------------------

  let source = null;
  let downSince = 0;
  let due = 0;

  const soon = (milliseconds) => {
    if (due) return;
    due = setTimeout(() => { due = 0; refetch(); }, milliseconds);
  };

  const open = () => {
    if (source || closed || !body.dataset.live) return;
    source = new EventSource(body.dataset.live);
    source.onopen = () => { downSince = 0; refetch(); };
    source.onerror = () => {
      downSince ||= Date.now();
      setTimeout(() => { if (downSince && Date.now() - downSince > 3900) away(true); }, 4000);
      // A refusal ends an EventSource for good: look whether the page itself is closed, and try again.
      if (source?.readyState === EventSource.CLOSED) { close(); setTimeout(open, 3000 + Math.random() * 2000); }
    };
    for (const kind of ["post", "gone", "stage", "queue", "word", "agenda", "notice", "refresh"]) {
      source.addEventListener(kind, () => soon(150));
    }
    source.addEventListener("votes", () => soon(2000));
  };

  const close = () => { source?.close(); source = null; };

  // Without a stream the page asks now and then.
  if (body.dataset.live) {
    open();
    setInterval(() => { if (source?.readyState !== EventSource.OPEN) refetch(); }, 5000);
  }

  // Forms of the panel ----------------------------------------------------------------------------------------

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  const send = async (form, data) => {
    for (let attempt = 0; attempt < 6; attempt += 1) {
      try {
        return await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        away(true);
        await pause(500 * 2 ** attempt);
      }
    }
    return null;
  };

  if (body.classList.contains("chair")) {
    document.addEventListener("submit", async (event) => {
      const form = event.target;
      event.preventDefault();
      const data = new URLSearchParams(new FormData(form));
      if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      const answer = await send(form, data);
      if (answer) {
        touched = 0;
        if (answer.ok && form.matches("[data-keyed]")) {
          form.elements.key.value = newKey();
          form.elements.text.value = "";
        }
        turns += 1;
        await take(answer, turns);
        // What was refused stays to be read; the panel goes on.
        if (answer.ok) refetch();
        else refuse(panel()?.querySelector("[data-refusal]"));
      }
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });
    document.addEventListener("pointerdown", () => { pressed = true; touched = Date.now(); });
    for (const kind of ["pointerup", "pointercancel"]) {
      document.addEventListener(kind, () => { pressed = false; touched = Date.now(); });
    }
  }

  // The time left ---------------------------------------------------------------------------------------------

  let ends = null;

  const tick = () => {
    const line = document.querySelector("[data-left]");
    if (!line || ends === null) return;
    const left = Math.round((ends - performance.now()) / 1000);
    const minutes = Math.floor(left / 60);
    const form = new Intl.PluralRules(lang).select(minutes);
    line.querySelector("[data-minutes]").textContent =
      left < 0 ? line.dataset.over : (line.dataset[form] ?? line.dataset.other).replace(/\d+/, minutes);
    const call = left <= Number(line.dataset.call);
    line.classList.toggle("is-short", call);
    line.querySelector("[data-last-call]").hidden = !call;
  };

  const startClock = () => {
    const line = document.querySelector("[data-left]");
    ends = line ? performance.now() + Number(line.dataset.left) * 1000 : null;
    tick();
  };

  shield();
  startClock();
  setInterval(tick, 1000);

  // Awake, and in use -----------------------------------------------------------------------------------------

  const stayAwake = async () => {
    if (document.hidden || !body.dataset.live || !navigator.wakeLock) return;
    try {
      await navigator.wakeLock.request("screen");
    } catch (error) {
      // The device says no, to save its battery for instance.
      if (!(error instanceof DOMException)) throw error;
    }
  };

  const say = async () => {
    const form = document.querySelector("[data-seen]");
    if (!form || document.hidden || closed) return;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (answer && (answer.status === 410 || answer.redirected)) shut();
  };

  document.addEventListener("visibilitychange", () => { stayAwake(); if (!document.hidden) refetch(); });
  stayAwake();
  say();
  setInterval(say, 60000);
  // A boundary of the programme comes by itself; on a page without a stream the clock must still move on.
  setInterval(refetch, 60000);

  // A session closed and passed something on: it waits behind a button, so that nothing moves under a pen.
  const passedOn = document.querySelector("[data-passed-on]");
  if (passedOn) {
    const shown = new Set([...document.querySelectorAll("[data-post]")].map((each) => each.dataset.post));
    setInterval(async () => {
      if (document.hidden || closed) return;
      const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
      if (!answer) return;
      if (answer.status === 410 || answer.redirected) return shut();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      passedOn.hidden = ![...page.querySelectorAll("[data-post]")].some((each) => !shown.has(each.dataset.post));
    }, 15000);
  }

  // An address that is shown once: one tap takes it.
  for (const field of document.querySelectorAll("[data-select]")) {
    field.addEventListener("focus", () => field.select());
  }

  // Drafts of written answers ---------------------------------------------------------------------------------

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `draft ${form.dataset.draft}`;
    const text = form.elements.text;
    const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
    const keep = (value) => { try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { /* storage is off */ } };
    if (form.dataset.saved === text.value && stored()) text.value = stored();
    text.addEventListener("input", () => keep(text.value));
    form.addEventListener("submit", () => keep(""));
  }
})();
