// The question desk by keyboard, with what is new waiting behind a button. Forms work without it.
"use strict";

(() => {
  const desk = document.querySelector(".desk");
  const news = document.querySelector("[data-new]");
  const refused = document.querySelector("[data-refused]");
  const lang = document.documentElement.lang;
  const changed = new Set();
  let current = null;

  // Own decisions come back on the stream as well; they are on the page already.
  const own = new Map();

  const cards = () => [...document.querySelectorAll("#lanes [data-post]")];

  const focusOn = (card) => {
    if (!card) return;
    current = card.id;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = cards();
    const at = all.findIndex((card) => card.id === current);
    focusOn(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  };

  const press = (target) => {
    document.getElementById(current)?.querySelector(`button[name="to"][value="${target}"]`)?.click();
  };

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("published"),
    s: () => press("shortlisted"),
    l: () => press("live"),
    w: () => press("answered"),
    d: () => document.getElementById(current)?.querySelector('input[name="reason"]')?.focus(),
    n: () => { if (!news.hidden) news.click(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, select, textarea");
    if (field) {
      if (event.key === "Escape") { event.target.blur(); focusOn(document.getElementById(current)); }
      // Enter would press the form's first button, which approves: it must press the button beside the reason.
      if (event.key === "Enter" && field.name === "reason") {
        event.preventDefault();
        field.parentElement.querySelector("button").click();
      }
      return;
    }
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-post]");
    if (card) current = card.id;
  });

  const showNews = () => {
    news.hidden = !changed.size;
    const form = new Intl.PluralRules(lang).select(changed.size);
    news.textContent = (news.dataset[form] ?? news.dataset.other).replace(/\d+/, changed.size);
  };

  news.addEventListener("click", async (event) => {
    event.preventDefault();
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return location.reload();
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    document.getElementById("lanes").replaceWith(box.content.firstElementChild);
    window.htmx.process(document.getElementById("lanes"));
    changed.clear();
    showNews();
    focusOn(document.getElementById(current) ?? cards()[0]);
  });

  // After a decision the next card is under the hand, wherever the decided one went.
  let next = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const card = event.target.closest("[data-post]");
    if (!card) return;
    own.set(card.dataset.post, Date.now());
    const lane = [...card.closest("[data-lane]").querySelectorAll("[data-post]")];
    next = lane[lane.indexOf(card) + 1]?.id ?? lane[lane.indexOf(card) - 1]?.id ?? null;
    refused.hidden = true;
  });
  document.addEventListener("htmx:afterSwap", () => {
    changed.clear();
    showNews();
    focusOn(document.getElementById(next) ?? cards()[0]);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    refused.textContent = page.querySelector("[data-refusal]")?.textContent.trim() ?? event.detail.xhr.statusText;
    refused.hidden = false;
    refused.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:sendError", () => {
    refused.textContent = desk.dataset.away;
    refused.hidden = false;
  });

  const source = new EventSource(desk.dataset.live);
  source.addEventListener("queue", ({ data }) => {
    if (Date.now() - (own.get(data) ?? 0) < 3000) return;
    changed.add(data);
    showNews();
  });
  source.addEventListener("votes", ({ data }) => {
    for (const [id, count] of Object.entries(JSON.parse(data))) {
      const number = document.getElementById(`post-${id}`)?.querySelector("[data-count]");
      if (number) number.textContent = count;
    }
  });
  source.addEventListener("refresh", () => { changed.add("refresh"); showNews(); });
  let away = 0;
  source.onerror = () => {
    away ||= setTimeout(() => { refused.textContent = desk.dataset.away; refused.hidden = false; }, 5000);
  };
  source.onopen = () => {
    clearTimeout(away);
    if (away && refused.textContent === desk.dataset.away) refused.hidden = true;
    away = 0;
  };
})();
