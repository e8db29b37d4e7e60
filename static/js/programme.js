// Stars, search, "changed since your last visit" and your own time, on pages that show the programme. All of it stays on
// this device; without scripts the filters are a form and the calendar a link.
"use strict";

(() => {
  const home = document.body.dataset.me?.replace(/me\/$/, "");
  if (!home) return;
  const lang = document.documentElement.lang;
  const conference = home.split("/").filter(Boolean).at(-1);
  const memory = new Map();
  const read = (key) => {
    try { return localStorage.getItem(`${key} ${conference}`); } catch { return memory.get(key) ?? null; }
  };
  const write = (key, value) => {
    try { localStorage.setItem(`${key} ${conference}`, value); } catch { memory.set(key, value); }
  };
  const kept = (key) => {
    try { return JSON.parse(read(key)) ?? {}; } catch { return {}; }
  };
  const words = document.querySelector("[data-star]")?.dataset ?? {};
  const lines = () => [...document.querySelectorAll("[data-item]")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // Stars. A star is kept also for a session that is not in the programme now: it may come back. -------------------

  const stars = () => new Set((read("stars") ?? "").split(" ").filter(Boolean));
  const titleOf = (line) => line.querySelector("h1, h3")?.textContent.trim() ?? "";

  const toggle = (slug) => {
    const now = stars();
    if (!now.delete(slug)) now.add(slug);
    write("stars", [...now].join(" "));
    remember(slug);
    draw();
  };

  const addStar = (line) => {
    if (!words.star || line.querySelector(".star") || !(line.matches("#session") || line.querySelector("h3 a"))) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "star";
    button.setAttribute("aria-label", `${words.star} ${titleOf(line)}`);
    button.addEventListener("click", () => toggle(line.dataset.item));
    line.append(button);
  };

  // The address of one's own calendar: the stars stand in it, there is no account behind it.
  const feeds = () => {
    const show = [...stars()].sort().join(",");
    for (const link of document.querySelectorAll("[data-feed], [data-feed-file]")) {
      link.dataset.whole ??= link.getAttribute("href");
      link.setAttribute("href", `${link.dataset.whole}?show=${show}`);
    }
    const file = document.querySelector("[data-feed-file]");
    if (file) file.textContent = new URL(file.href, location.href).href;
  };

  // Times of one's own, where they differ. ------------------------------------------------------------------------

  const clock = (moment, zone) =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(moment);

  const ownTime = (line) => {
    const zone = document.querySelector("[data-zone]")?.dataset.zone;
    const time = line.querySelector(".time");
    const [start, end] = time?.querySelectorAll("time") ?? [];
    if (!zone || !end || line.querySelector(".own")) return;
    const [from, to] = [new Date(start.dateTime), new Date(end.dateTime)];
    if (clock(from, zone) === clock(from)) return;
    const own = document.createElement("span");
    own.className = "own";
    own.textContent = `(${clock(from)}–${clock(to)})`;
    (time.closest(".when") ?? time).append(own);
  };

  const ownZone = () => {
    const line = document.querySelector(".zone[data-zone]");
    const first = document.querySelector(".lines time");
    if (!line || !first) return;
    const moment = new Date(first.dateTime);
    if (clock(moment, line.dataset.zone) === clock(moment)) return;
    const told = document.createElement("span");
    told.className = "own";
    told.textContent = ` ${line.dataset.yours}`;
    document.querySelector(".lines h2").append(told);
  };

  // What changed since the last visit. A visit ends after half an hour without a page. ------------------------------

  const VISIT = 30 * 60 * 1000;
  const state = (line) => ({
    mark: line.dataset.mark,
    start: line.querySelector("time")?.dateTime ?? "",
    place: line.querySelector("[data-place]")?.textContent ?? "",
  });
  const latest = kept("seen");
  const isNewVisit = Date.now() - Number(read("seen at") ?? 0) > VISIT;
  if (isNewVisit) write("seen before", JSON.stringify(latest));
  const before = kept("seen before");

  const remember = (slug) => {
    const line = document.querySelector(`[data-item="${slug}"]`);
    if (line) write("seen", JSON.stringify({ ...kept("seen"), [slug]: state(line) }));
  };

  const rememberAll = () => {
    const seen = kept("seen");
    for (const line of lines()) seen[line.dataset.item] = state(line);
    write("seen", JSON.stringify(seen));
    write("seen at", String(Date.now()));
  };

  const zoneClock = (iso) => iso.slice(11, 16);

  const markChange = (line) => {
    const was = before[line.dataset.item];
    if (!line.matches(".lines .item") || !Object.keys(before).length || line.querySelector(".since")) return;
    const is = state(line);
    if (was?.mark === is.mark) return;
    const note = document.createElement("span");
    note.className = "since tag";
    const told = [];
    if (was && was.start !== is.start) told.push(zoneClock(was.start));
    if (was && was.place !== is.place && was.place) told.push(was.place);
    if (!was) note.textContent = words.newWord;
    else note.textContent = told.length ? `${words.changedWord}: ${words.was} ${told.join(", ")}` : words.changedWord;
    line.querySelector(".meta")?.append(" ", note);
  };

  // Filters, over what the page holds. -----------------------------------------------------------------------------

  const form = document.querySelector("form[data-filters]");
  const mine = document.querySelector("[data-mine]");
  let onlyMine = false;

  const filter = () => {
    if (!form) return;
    const wanted = new FormData(form);
    const asked = fold(wanted.get("q") ?? "").split(/\s+/).filter(Boolean);
    const starred = stars();
    let shown = 0;
    const all = lines();
    for (const line of all) {
      const { item, room, people, language } = line.dataset;
      const text = fold(line.textContent + (line.dataset.text ?? ""));
      const fits = (!wanted.get("room") || room === wanted.get("room"))
        && (!wanted.get("person") || people.split(" ").includes(wanted.get("person")))
        && (!wanted.get("language") || language === wanted.get("language"))
        && asked.every((word) => text.includes(word))
        && (!onlyMine || starred.has(item));
      line.hidden = !fits;
      shown += fits;
    }
    for (const day of document.querySelectorAll(".lines section")) {
      day.hidden = !day.querySelector("[data-item]:not([hidden])");
    }
    const found = document.querySelector("[data-found]");
    if (found) found.textContent = shown === all.length ? "" : found.dataset.found.replace("{n}", shown).replace("{of}", all.length);
  };

  if (form && !new URLSearchParams(location.search).size) {
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
    form.querySelector("button").hidden = true;
  }
  if (mine) {
    mine.disabled = false;
    mine.setAttribute("aria-pressed", "false");
    mine.addEventListener("click", () => {
      onlyMine = !onlyMine;
      draw();
    });
  }

  const draw = () => {
    const starred = stars();
    for (const line of lines()) {
      addStar(line);
      ownTime(line);
      markChange(line);
      const star = line.querySelector(".star");
      star?.setAttribute("aria-pressed", String(starred.has(line.dataset.item)));
    }
    if (mine) {
      mine.setAttribute("aria-pressed", String(onlyMine));
      document.querySelector("[data-mine-box]").hidden = !onlyMine || !starred.size;
    }
    feeds();
    filter();
  };

  // A starred session that moves is told at once, on whichever page one reads. --------------------------------------

  const tell = (text) => {
    let box = document.querySelector(".moved");
    if (!box) {
      box = document.createElement("div");
      box.className = "moved";
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    const line = document.createElement("p");
    line.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "OK";
    close.addEventListener("click", () => line.remove());
    line.append(" ", close);
    box.append(line);
  };

  const compare = async () => {
    const starred = stars();
    if (!starred.size || document.hidden) return;
    let page;
    try {
      const answer = await fetch(`${home}agenda/`, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (error) {
      // No connection: the next news of the programme looks again.
      if (error instanceof TypeError) return;
      throw error;
    }
    const seen = kept("seen");
    for (const line of page.querySelectorAll("[data-item]")) {
      const { item } = line.dataset;
      const is = state(line);
      if (!starred.has(item) || !seen[item] || seen[item].mark === is.mark) continue;
      const times = [...line.querySelectorAll("time")].map((time) => zoneClock(time.dateTime)).join("–");
      const cancelled = line.matches(".is-cancelled") ? line.querySelector(".meta .tag")?.textContent : "";
      tell(`★ ${titleOf(line)}: ${cancelled || [times, is.place].filter(Boolean).join(", ")}`);
      write("seen", JSON.stringify({ ...kept("seen"), [item]: is }));
    }
  };

  let soon = 0;
  const lookSoon = () => {
    clearTimeout(soon);
    // Spread: a whole hall hears of it in the same moment.
    soon = setTimeout(compare, 300 + Math.random() * 1500);
  };
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("live").addEventListener("message", ({ data }) => {
      if (data.kind === "agenda" || data.kind === "refresh") lookSoon();
    });
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) lookSoon(); });

  ownZone();
  draw();
  rememberAll();
  lookSoon();
  // Lines that the stream renews lose what was added to them here.
  new MutationObserver((changes) => {
    const renewed = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.matches?.("[data-item]") || node.querySelector?.("[data-item]")));
    if (renewed) draw();
  }).observe(document.querySelector("main"), { childList: true, subtree: true });
})();
