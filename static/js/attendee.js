// Makes the pages live. Everything here has a plain link or form underneath that works without it.
"use strict";

(() => {
  const body = document.body;
  const lang = document.documentElement.lang;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("live") : null;

  // Storage can be switched off; then drafts and votes live as long as the page.
  const memory = new Map();
  const store = {
    get(key) {
      try { return localStorage.getItem(key); } catch { return memory.get(key) ?? null; }
    },
    set(key, value) {
      try { localStorage.setItem(key, value); } catch { memory.set(key, value); }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { memory.delete(key); }
    },
  };

  // How this reader likes to read, as early as a script can say it (reading.js stores it).
  for (const name of ["theme", "size"]) {
    const chosen = store.get(name);
    if (chosen) document.documentElement.dataset[name] = chosen;
  }

  const element = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content.firstElementChild;
  };

  // "5 new questions" in the right form: the templates carry one sentence for each plural form of the language.
  const counted = (box, n) => {
    const form = new Intl.PluralRules(lang).select(n);
    return (box.dataset[form] ?? box.dataset.other).replace(/\d+/, n);
  };

  // The stream ------------------------------------------------------------------------------------------------

  const waiting = new Map();

  const showWaiting = () => {
    const list = document.querySelector('[data-posts="waiting"]');
    const empty = list?.parentElement.querySelector(".empty");
    for (const card of waiting.values()) list?.prepend(card);
    waiting.clear();
    empty?.remove();
    announceWaiting();
    markVotes();
    // The button is gone: the focus goes on at what it brought.
    const first = list?.firstElementChild;
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  };

  // Nothing moves under a finger: new questions wait behind a button.
  const announceWaiting = () => {
    const box = document.querySelector("[data-new-posts]");
    if (!box) return;
    box.replaceChildren();
    if (!waiting.size) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = counted(box, waiting.size);
    button.addEventListener("click", showWaiting);
    box.append(button);
  };

  // The page of a session, or a board of which a reader chose a part.
  const belongsHere = ({ dataset }) => {
    const only = document.querySelector("[data-only-item], [data-only-block]")?.dataset ?? {};
    const session = only.onlyItem ?? location.pathname.match(/\/agenda\/([a-z0-9-]+)\/$/)?.[1];
    return (!session || dataset.item === session) && (!only.onlyBlock || dataset.block === only.onlyBlock);
  };

  const handlers = {
    post(data) {
      const card = element(data);
      if (!card) return;
      const shown = document.getElementById(card.id);
      if (shown) shown.replaceWith(card);
      else if (document.querySelector("[data-new-posts]") && card.querySelector(".vote") && belongsHere(card)) {
        waiting.set(card.id, card);
        announceWaiting();
      } else if (card.dataset.parent) {
        // Replies come last on their question's page: nothing moves.
        const replies = document.querySelector(`[data-replies="${card.dataset.parent}"]`);
        replies?.append(card);
        replies?.parentElement.querySelector(".empty")?.remove();
      }
      markVotes();
    },
    gone(data) {
      waiting.delete(`post-${data}`);
      announceWaiting();
      document.getElementById(`post-${data}`)?.remove();
    },
    votes(data) {
      for (const [id, count] of Object.entries(JSON.parse(data))) setCount(id, count);
    },
    agenda(data) {
      const now = document.getElementById("now");
      if (now) now.replaceWith(element(data));
      else if (document.querySelector("[data-fresh]")) handlers.refresh();
    },
    // An announcement that comes while the page is open lies over it, so that no line moves; it can be put away.
    notice(data) {
      const fresh = [...(element(data)?.children ?? [])];
      const known = [...document.querySelectorAll("[data-notice]")];
      const ids = (list) => list.map((each) => each.dataset.notice);
      for (const old of known) if (!ids(fresh).includes(old.dataset.notice)) old.classList.add("is-gone");
      for (const each of fresh.filter((one) => !ids(known).includes(one.dataset.notice))) {
        const close = document.createElement("button");
        close.type = "button";
        close.textContent = "×";
        close.setAttribute("aria-label", document.getElementById("arrived").dataset.close);
        close.addEventListener("click", () => each.remove());
        each.append(close);
        document.getElementById("arrived").append(each);
      }
    },
    // Spread over some seconds: a whole hall would otherwise come back at once.
    refresh() {
      setTimeout(refetch, Math.random() * 3000);
    },
  };
  handlers.stage = handlers.post;

  // The programme moved on or was changed: each line in its place; where lines came or went, a button waits.
  const renew = (page) => {
    const shown = [...document.querySelectorAll("[data-fresh]")];
    const fresh = [...page.querySelectorAll("[data-fresh]")];
    const changed = document.querySelector("[data-changed]");
    const same = shown.map((each) => each.id).join() === fresh.map((each) => each.id).join();
    if (changed) changed.hidden = same;
    if (!same) return;
    for (const [at, old] of shown.entries()) {
      if (!old.isEqualNode(fresh[at]) && !old.contains(document.activeElement)) old.replaceWith(fresh[at]);
    }
  };

  const refetch = async () => {
    const typing = document.activeElement?.matches("input, textarea, select");
    if (typing) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      body.dataset.made = page.body.dataset.made ?? body.dataset.made;
      if (document.querySelector(".as-of")) { setAsOf(false); setAsOf(true); }
      const fresh = new Map([...page.querySelectorAll("[data-post]")].map((card) => [card.id, card]));
      for (const card of document.querySelectorAll("[data-post]")) {
        if (fresh.has(card.id)) card.replaceWith(fresh.get(card.id));
        else card.remove();
        fresh.delete(card.id);
      }
      for (const card of fresh.values()) handlers.post(card.outerHTML);
      const now = page.getElementById("now");
      if (now) document.getElementById("now")?.replaceWith(now);
      else renew(page);
      markVotes();
    } catch (error) {
      // No connection: the stream tells when it is back and asks for another refresh.
      if (!(error instanceof TypeError)) throw error;
    }
  };

  let source = null;
  let last = null;
  let downSince = 0;
  let refused = 0;

  const setAsOf = (down) => {
    let line = document.querySelector(".as-of");
    if (!down) return line?.remove();
    if (line || !body.dataset.made) return;
    line = document.createElement("p");
    line.className = "as-of";
    line.setAttribute("role", "status");
    const time = new Date(body.dataset.made).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
    line.textContent = `${body.dataset.asOf} ${time}`;
    document.querySelector("main").before(line);
  };

  // Page scripts hear the same news: document.addEventListener("live", ({ detail: { kind, data } }) => …).
  const received = (kind, data, id) => {
    if (id) last = id;
    handlers[kind]?.(data);
    document.dispatchEvent(new CustomEvent("live", { detail: { kind, data } }));
  };

  const open = () => {
    if (source || !body.dataset.live) return;
    const address = new URL(body.dataset.live, location.href);
    if (last) address.searchParams.set("since", last);
    source = new EventSource(address);
    source.onopen = () => { downSince = refused = 0; setAsOf(false); sendPending(); };
    source.onerror = () => {
      downSince ||= Date.now();
      setTimeout(() => { if (downSince && Date.now() - downSince > 4900) setAsOf(true); }, 5000);
      // A refusal ends an EventSource for good (too many are open): ask for the page now and then, and try again.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        refetch();
        channel?.postMessage({ stream: body.dataset.live.split("?")[0], kind: "refresh", data: "" });
        setTimeout(open, (refused ? 12000 : 3000) + Math.random() * 4000);
        refused += 1;
      }
    };
    for (const kind of Object.keys(handlers)) {
      source.addEventListener(kind, (event) => {
        received(kind, event.data, event.lastEventId);
        channel?.postMessage({ stream: body.dataset.live.split("?")[0], kind, data: event.data, id: event.lastEventId });
      });
    }
  };

  const close = () => { source?.close(); source = null; };

  // HTTP/1.1 allows six connections a host: where the browser can agree on one tab, only that one has a stream.
  const lead = () => {
    const name = `live ${body.dataset.live.split("?")[0]}`;
    if (!navigator.locks) return open();
    navigator.locks.request(name, () => new Promise((release) => {
      if (document.hidden) return release();
      open();
      const leave = () => { if (document.hidden) { close(); release(); document.removeEventListener("visibilitychange", leave); } };
      document.addEventListener("visibilitychange", leave);
    }));
  };

  if (body.dataset.live) {
    channel?.addEventListener("message", ({ data }) => {
      if (data.stream === body.dataset.live.split("?")[0]) received(data.kind, data.data, data.id);
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) lead();
      else if (!navigator.locks) close();
    });
    lead();
  }

  // Votes -------------------------------------------------------------------------------------------------------

  const voted = new Set((store.get("voted") ?? "").split(" ").filter(Boolean));
  // Addresses of forms whose answer has not come yet: what is tapped in a dead spot is sent later, by this page or the next.
  const pending = new Set((store.get("pending") ?? "").split(" ").filter(Boolean));
  const sending = new Set();

  const setCount = (id, count) => {
    const card = document.getElementById(`post-${id}`) ?? waiting.get(`post-${id}`);
    // Without a number where the organisers keep them for the desk.
    if (!card || card.dataset.votes === "") return;
    card.dataset.votes = count;
    const number = card.querySelector("[data-count]");
    if (number) number.textContent = count;
  };

  // Here the link acts in place, so it is a button that is pressed or not.
  const markVotes = () => {
    for (const link of document.querySelectorAll("[data-post] a.vote")) {
      const id = link.closest("[data-post]").dataset.post;
      link.setAttribute("role", "button");
      link.setAttribute("aria-pressed", String(voted.has(id)));
      link.href = link.href.replace(/\/(?:un)?vote\/$/, voted.has(id) ? "/unvote/" : "/vote/");
      if ([...pending].some((address) => address.includes(`/${id}/`))) link.setAttribute("aria-busy", "true");
      else link.removeAttribute("aria-busy");
    }
  };

  const remember = (id, yes) => {
    if (yes) voted.add(id); else voted.delete(id);
    store.set("voted", [...voted].join(" "));
    store.set("written", "1");
  };

  const wait = (address, yes) => {
    if (yes) pending.add(address); else pending.delete(address);
    store.set("pending", [...pending].join(" "));
  };

  const explain = (id, text) => {
    const card = document.getElementById(`post-${id}`);
    card?.querySelector(".refusal")?.remove();
    if (!card || !text) return;
    const line = document.createElement("p");
    line.className = "refusal error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    card.append(line);
  };

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // The same form with the same key, until an answer comes: a lost answer never makes two votes.
  const insist = async (request) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await request();
        if (answer.status < 500) return answer;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      if (attempt === 8) return null;
      await pause(Math.min(500 * 2 ** attempt, 15000) * (0.5 + Math.random()));
    }
  };

  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  const noConnection = body.dataset.asOf.split(".")[0];
  const refusalOf = (page) => page.querySelector("[data-refusal]")?.textContent.trim() || noConnection;

  // What the server said to a vote: "" for done, a sentence for no, null while nobody answers.
  const answerTo = async (address) => {
    const answer = await insist(() => fetch(address));
    if (!answer) return null;
    const page = await parsed(answer);
    const form = page.querySelector("main form");
    if (!form?.elements.key) return refusalOf(page);
    // The hall code is asked for: that is typed there.
    if (form.elements.code) {
      location.assign(address);
      return form.querySelector("label").textContent;
    }
    const data = new URLSearchParams(new FormData(form));
    const sent = await insist(() => fetch(address, { method: "POST", body: data, redirect: "manual" }));
    if (!sent) return null;
    return sent.type === "opaqueredirect" || sent.ok ? "" : refusalOf(await parsed(sent));
  };

  const send = async (address, takeBack) => {
    const id = address.split("/").at(-3);
    if (sending.has(id)) return;
    sending.add(id);
    wait(address, true);
    markVotes();
    const answer = await answerTo(address);
    sending.delete(id);
    explain(id, answer === null ? noConnection : answer);
    if (answer !== null) wait(address, false);
    if (answer) takeBack();
    markVotes();
  };

  // Shown at once; the stream brings the true number soon after. A refusal takes it back.
  const vote = (link) => {
    const card = link.closest("[data-post]");
    const id = card.dataset.post;
    const yes = !voted.has(id);
    const before = Number(card.dataset.votes);
    const shown = Math.max(0, before + (yes ? 1 : -1));
    remember(id, yes);
    setCount(id, shown);
    send(new URL(link.href).pathname, () => {
      remember(id, !yes);
      if (Number(document.getElementById(`post-${id}`)?.dataset.votes) === shown) setCount(id, before);
    });
  };

  const sendPending = () => {
    for (const address of pending) {
      send(address, () => remember(address.split("/").at(-3), address.endsWith("/unvote/")));
    }
  };

  // The page with one button, where one comes without this script's help or to enter the hall code.
  const button = document.querySelector("form[data-vote], form[data-unvote]");
  if (button) {
    const id = button.dataset.vote ?? button.dataset.unvote;
    const yes = "vote" in button.dataset;
    if ("refused" in button.dataset) remember(id, !yes);
    button.addEventListener("submit", () => remember(id, yes));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.vote");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!link.hasAttribute("aria-busy")) vote(link);
  });
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest?.("a.vote");
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  window.addEventListener("online", sendPending);

  // What page scripts (board.js and its like) share with this one; they are loaded after it.
  window.attendee = { store, element, counted, remember };

  markVotes();
  sendPending();
})();
