// The question desk by keyboard and without reloading. Every form and link on the page works without it.
"use strict";

(() => {
  const desk = document.querySelector(".desk");
  const refused = document.querySelector("[data-refused]");
  const panel = document.getElementById("panel");
  const inside = panel.querySelector("[data-panel-content]");
  const refusedInside = panel.querySelector("[data-refused-here]");
  const lang = document.documentElement.lang;
  const changed = new Set();
  // Own decisions come back on the stream as well; they are on the page already.
  const own = new Map();
  let current = null;

  const lanes = () => document.getElementById("lanes");
  const cards = () => [...lanes().querySelectorAll(".card[data-post]")].filter((card) => card.offsetParent);
  const currentCard = () => document.getElementById(current);
  const pageOf = (text) => new DOMParser().parseFromString(text, "text/html");

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

  const refuse = (text) => {
    const place = panel.open ? refusedInside : refused;
    place.textContent = text;
    place.hidden = !text;
    if (text) place.scrollIntoView({ block: "nearest" });
  };

  // What is new -----------------------------------------------------------------------------------------------
  const showNews = () => {
    const news = document.querySelector("[data-new]");
    news.hidden = !changed.size;
    const form = new Intl.PluralRules(lang).select(changed.size);
    news.textContent = (news.dataset[form] ?? news.dataset.other).replace(/\d+/, changed.size);
  };

  const show = (text, next) => {
    const fresh = pageOf(text).getElementById("lanes");
    if (!fresh) return location.reload();
    const open = [...lanes().querySelectorAll("details[open] > summary")].map((each) => each.textContent.replace(/\d+/g, ""));
    lanes().replaceWith(document.importNode(fresh, true));
    for (const summary of lanes().querySelectorAll("details > summary")) {
      if (open.includes(summary.textContent.replace(/\d+/g, ""))) summary.parentElement.open = true;
    }
    makeDraggable();
    changed.clear();
    showNews();
    refuse("");
    const under = document.getElementById(current) ?? document.getElementById(next);
    if (under) focusOn(under);
    // An empty lane: the hand stays where it is, and j goes on from the first card.
    else lanes().querySelector("[data-lane]").focus({ preventScroll: true });
  };

  const renew = async () => {
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
    if (answer.ok) show(await answer.text(), current);
    else location.reload();
  };

  // Decisions -------------------------------------------------------------------------------------------------
  const neighbour = (card) => {
    const lane = card ? [...(card.closest("[data-lane]") ?? lanes()).querySelectorAll(".card[data-post]")] : [];
    return lane[lane.indexOf(card) + 1]?.id ?? lane[lane.indexOf(card) - 1]?.id ?? null;
  };

  const send = async (form, submitter) => {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const card = form.closest("#panel") ? currentCard() : form.closest("[data-post]") ?? currentCard();
    const next = neighbour(card);
    // A decided card leaves its lane: the next one comes under the hand, not the same one far away.
    const leaves = form.classList.contains("decide") || Boolean(form.closest("#panel"));
    for (const { value } of form.querySelectorAll("[name=pick]")) own.set(value.split(":")[0], Date.now());
    if (card) own.set(card.dataset.post, Date.now());
    try {
      // Not form.action: a field of that name stands in its way.
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST", body: new URLSearchParams(new FormData(form, submitter)), headers: { "HX-Request": "true" },
      });
      const text = await answer.text();
      if (!answer.ok) return refuse(pageOf(text).querySelector("[data-refusal], .error")?.textContent.trim() || answer.statusText);
      if (leaves) current = next;
      close();
      show(text, next);
    } catch {
      refuse(desk.dataset.away);
    } finally {
      delete form.dataset.busy;
    }
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-act]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  // Forms in place --------------------------------------------------------------------------------------------
  let held = null;
  let renewal = 0;
  const hold = async (open) => {
    if (!held) return;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    await fetch(`${desk.dataset.desk}${held}/claim/`, {
      method: "POST", keepalive: true, body: new URLSearchParams({ csrfmiddlewaretoken: token, open: open ? "1" : "0" }),
    }).catch(() => refuse(desk.dataset.away));
  };

  const open = async (address, about) => {
    refuse("");
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return refuse(answer ? answer.statusText : desk.dataset.away);
    const content = pageOf(await answer.text()).body;
    inside.replaceChildren(...content.childNodes);
    refusedInside.hidden = true;
    if (!panel.open) panel.showModal();
    (inside.querySelector("[autofocus]") ?? inside.querySelector(".panel-title"))?.focus();
    if (about && about !== held) {
      held = about;
      hold(true);
      renewal = setInterval(() => hold(true), 30_000);
    }
  };

  const close = () => { if (panel.open) panel.close(); };
  panel.addEventListener("close", () => {
    clearInterval(renewal);
    hold(false);
    held = null;
    inside.replaceChildren();
    focusOn(currentCard());
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (event.target.closest("[data-new]")) {
      event.preventDefault();
      renew();
    } else if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      open(link.href, (link.closest("#lanes [data-post]")?.dataset.post) ?? (link.closest("#panel") ? held : null));
    }
  });

  // Keys ------------------------------------------------------------------------------------------------------
  const press = (root, key) => {
    const found = root?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (found?.matches("input")) found.focus();
    else found?.click();
    return Boolean(found);
  };
  const form = (name) => () => {
    const card = currentCard();
    if (!card) return;
    const filter = new URLSearchParams(location.search).get("item");
    open(`${card.dataset.base}${name}/${filter ? `?filter=${encodeURIComponent(filter)}` : ""}`, card.dataset.post);
  };
  const onDesk = (key) => () => document.querySelector(`[data-desk-key="${CSS.escape(key)}"]`)?.click();
  const startRound = (n) => () => {
    const lane = currentCard()?.closest("[data-shortlist]")?.previousElementSibling ?? lanes();
    lane.querySelector(`[data-round="${n}"]`)?.click();
  };

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    d: () => {
      const reason = currentCard()?.querySelector('input[name="reason"]');
      if (reason) reason.focus();
      else form("decline")();
    },
    e: form("edit"), m: form("join"), t: form("session"),
    n: onDesk("n"), b: onDesk("b"), "?": onDesk("?"),
    u: () => (document.querySelector(".done [data-desk-key]") ?? document.querySelector(".done button"))?.click(),
    r: () => { if (changed.size) renew(); },
    1: startRound(1), 2: startRound(2), 3: startRound(3), 4: startRound(4),
    " ": () => {
      const box = currentCard()?.querySelector("[data-pick]");
      if (!box) return;
      lanes().querySelector(".several").open = true;
      box.checked = !box.checked;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (field) {
      if (event.key === "Escape" && !panel.open) { field.blur(); focusOn(currentCard()); }
      // Enter would press the form's first button: it must press the one beside the reason.
      if (event.key === "Enter" && field.closest(".with-reason")) {
        event.preventDefault();
        field.parentElement.querySelector("button").click();
      }
      return;
    }
    if (event.target.closest("button, a, summary, [type=checkbox]") && [" ", "Enter"].includes(event.key)) return;
    const action = keys[event.key];
    if (panel.open) {
      if (press(inside, event.key)) event.preventDefault();
    } else if (press(currentCard(), event.key)) {
      event.preventDefault();
    } else if (action) {
      event.preventDefault();
      action();
    }
  });

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("#lanes [data-post]");
    if (card) current = card.id;
  });

  // The shortlist by drag; by thumb and key there are its arrows -------------------------------------------------
  let dragged = null;
  const makeDraggable = () => {
    for (const card of lanes().querySelectorAll("[data-shortlist] .card")) card.draggable = true;
  };
  document.addEventListener("dragstart", (event) => { dragged = event.target.closest?.("[data-shortlist] .card") ?? null; });
  document.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest("[data-shortlist]") === dragged.parentElement) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-shortlist] .card");
    if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const place = dragged.querySelector("[data-place]");
    place.value = [...over.parentElement.children].indexOf(over);
    place.form.requestSubmit(place);
  });
  document.addEventListener("dragend", () => { dragged = null; });

  // The stream ------------------------------------------------------------------------------------------------
  const ends = new Map();
  const showClaim = ({ id, by, seconds }) => {
    const badge = document.getElementById(`post-${id}`)?.querySelector("[data-claim]");
    if (!badge || by === desk.dataset.me) return;
    clearTimeout(ends.get(id));
    badge.textContent = seconds ? desk.dataset.held.replace("…", by) : "";
    badge.hidden = !seconds;
    if (seconds) ends.set(id, setTimeout(() => { badge.hidden = true; }, seconds * 1000));
  };

  const source = new EventSource(desk.dataset.live);
  source.addEventListener("queue", ({ data }) => {
    if (Date.now() - (own.get(data) ?? 0) < 3000) return;
    changed.add(data);
    showNews();
  });
  source.addEventListener("claim", ({ data }) => showClaim(JSON.parse(data)));
  source.addEventListener("votes", ({ data }) => {
    for (const [id, count] of Object.entries(JSON.parse(data))) {
      const number = document.getElementById(`post-${id}`)?.querySelector("[data-count]");
      if (number) number.textContent = count;
    }
  });
  source.addEventListener("word", async () => {
    const words = document.getElementById("desk-words");
    const answer = words.contains(document.activeElement) ? null : await fetch(words.dataset.words);
    if (answer?.ok) words.outerHTML = await answer.text();
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
  for (const badge of lanes().querySelectorAll("[data-claim]:not([hidden])")) setTimeout(() => { badge.hidden = true; }, 60_000);
  makeDraggable();
})();
