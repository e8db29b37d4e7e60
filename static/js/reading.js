// The reading page beyond plain links: place, settings, search, the sheet of a paragraph, what is on stage.
"use strict";

(() => {
  const article = document.querySelector("[data-paper]");
  if (!article) return;
  const root = document.documentElement;
  const text = article.querySelector(".text");
  const $ = (selector, from = document) => from.querySelector(selector);
  const blocks = [...text.querySelectorAll(".block")];
  const wide = matchMedia("(min-width: 70rem)");
  const still = "highlights" in CSS;
  root.classList.add("reads");

  const memory = new Map();
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return memory.get(key) ?? null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { memory.set(key, value); } },
    drop(key) { try { localStorage.removeItem(key); } catch { memory.delete(key); } },
  };

  // Words -------------------------------------------------------------------------------------------------------

  const OURS = ".pin, .page, .ask-here, .asked, .note-here";

  // The author's words of an element, with the text nodes that they come from.
  const wordsOf = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) => (
      node.parentElement.closest(OURS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    const nodes = [];
    let words = "";
    while (walker.nextNode()) {
      nodes.push([walker.currentNode, words.length]);
      words += walker.currentNode.data;
    }
    return { words, nodes };
  };

  const rangeOf = ({ nodes }, start, end) => {
    const at = (offset, last) => nodes.findLast(([, from]) => from < offset || (!last && from === offset));
    const [first, from] = at(start, false);
    const [last, before] = at(end, true);
    const range = new Range();
    range.setStart(first, start - from);
    range.setEnd(last, end - before);
    return range;
  };

  // As words are compared: without accents and case, sign by sign so that offsets stay.
  const folded = (words) => words.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/\s/g, " ")
    .replace(/[^\x00-\x7f]/g, (sign) => sign.normalize("NFD")[0]).toLowerCase();

  const mark = (name, ranges) => {
    if (still) {
      if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
      else CSS.highlights.delete(name);
      return;
    }
    for (const old of text.querySelectorAll(`mark.${name}`)) old.replaceWith(...old.childNodes);
    text.normalize();
    // From the end, and node by node: wrapping the last word moves none before it.
    for (const range of [...ranges].reverse()) {
      if (range.startContainer !== range.endContainer) continue;
      const around = document.createElement("mark");
      around.className = name;
      range.surroundContents(around);
    }
  };

  // Where am I --------------------------------------------------------------------------------------------------

  const here = $("[data-here]");
  const read = $("[data-read]");
  const resume = $("[data-resume]");
  const place = `read ${article.dataset.paper}`;
  const headings = blocks.filter((block) => /^H\d$/.test(block.tagName) && !block.closest(".back-matter"));
  const entries = new Map([...document.querySelectorAll(".contents li a")].map((a) => [a.hash.slice(1), a]));
  const title = here?.textContent;
  let saving = 0;

  const firstBelow = (list, line) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].getBoundingClientRect().bottom > line) high = middle; else low = middle + 1;
    }
    return low;
  };

  const front = blocks.filter((block) => !block.closest(".back-matter"));
  const locate = () => {
    const at = Math.max(0, headings.findLastIndex((each) => each.getBoundingClientRect().top < 120));
    const begun = headings[0]?.getBoundingClientRect().top < 120;
    if (here) here.textContent = begun && !wide.matches ? headings[at].innerText : title;
    for (const [id, link] of entries) {
      if (begun && id === headings[at].id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
    const [top, end] = [front[0], front.at(-1)].map((each, n) => each.getBoundingClientRect()[n ? "bottom" : "top"]);
    const done = Math.min(1, Math.max(0, (innerHeight - top) / (end - top)));
    read.textContent = scrollY > 200 ? `${Math.round(done * 100)} %` : "";
    if (scrollY > innerHeight) resume.hidden = true;
    clearTimeout(saving);
    saving = setTimeout(() => {
      const block = front[firstBelow(front, 90)];
      if (done > 0.98) store.drop(place);
      else if (block && scrollY > innerHeight) store.set(place, block.id);
    }, 400);
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; locate(); });
  }, { passive: true });

  // Offered, never forced: a link to where this device was last.
  const last = document.getElementById(store.get(place) ?? "");
  if (last && !location.hash && scrollY < 200 && front.indexOf(last) > 2) {
    resume.href = `#${last.id}`;
    const number = $(".pin", last)?.firstChild.data.trim() ?? $(".pin", front[front.indexOf(last) + 1] ?? last)?.firstChild.data;
    $("span", resume).textContent = number ?? "";
    resume.hidden = false;
  }

  const contents = $(".contents");
  const unfold = () => { if (contents) contents.open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  contents?.addEventListener("click", (event) => { if (event.target.closest("a")) unfold(); });
  document.addEventListener("click", (event) => { if (!contents?.contains(event.target)) unfold(); });

  // Text size and theme -----------------------------------------------------------------------------------------

  const look = $("#look");
  for (const input of look.querySelectorAll("input")) {
    input.checked = (root.dataset[input.name] ?? "") === input.value;
    input.addEventListener("change", () => {
      if (input.value) store.set(input.name, root.dataset[input.name] = input.value);
      else { delete root.dataset[input.name]; store.drop(input.name); }
    });
  }

  // Notes in place ----------------------------------------------------------------------------------------------

  text.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']:not(.pin)");
    const note = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest(".footnote");
    if (!note || note.contains(link)) return;
    event.preventDefault();
    const block = link.closest(".block");
    const open = document.getElementById(`here-${note.id}`);
    open?.remove();
    link.setAttribute("aria-expanded", String(!open));
    if (open) return;
    const copy = document.createElement("span");
    copy.className = "note-here";
    copy.id = `here-${note.id}`;
    copy.setAttribute("role", "note");
    copy.append(...note.cloneNode(true).childNodes);
    for (const each of copy.querySelectorAll(".pin, .page, .ask-here, [href^='#']")) each.remove();
    for (const each of copy.querySelectorAll("[id]")) each.removeAttribute("id");
    block.append(copy);
  });

  // Search in the paper -----------------------------------------------------------------------------------------

  const find = $("#find");
  const tally = $("output", find);
  let hits = [];
  let hit = -1;

  const show = (next) => {
    if (!hits.length) return;
    hit = (next + hits.length) % hits.length;
    tally.textContent = `${hit + 1} / ${hits.length}`;
    if (still) mark("found-now", [hits[hit]]);
    const at = still ? hits[hit].startContainer.parentElement : text.querySelectorAll("mark.found")[hit];
    at?.closest("details:not([open])")?.setAttribute("open", "");
    const box = still ? hits[hit].getBoundingClientRect() : at.getBoundingClientRect();
    if (box.top < 120 || box.bottom > innerHeight - 120) scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" });
  };

  const search = () => {
    const wanted = folded(find.elements.words.value.trim().normalize("NFC"));
    hits = [];
    mark("found", []);
    mark("found-now", []);
    tally.textContent = "";
    if (wanted.length < 2) return;
    for (const block of blocks) {
      const found = wordsOf(block);
      const there = folded(found.words);
      for (let at = there.indexOf(wanted); at >= 0; at = there.indexOf(wanted, at + wanted.length)) {
        hits.push(rangeOf(found, at, at + wanted.length));
      }
    }
    mark("found", hits);
    if (hits.length) show(Math.max(0, hits.findIndex((range) => range.getBoundingClientRect().top > 60)));
    else tally.textContent = find.dataset.none;
  };

  const finding = (open) => {
    find.hidden = !open;
    if (open) find.elements.words.select();
    else { find.elements.words.value = ""; search(); $("[data-open='find']").focus(); }
  };
  let typed = 0;
  find.elements.words.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(search, 150); });
  find.addEventListener("submit", (event) => { event.preventDefault(); show(hit + (event.submitter?.value === "back" ? -1 : 1)); });
  find.addEventListener("keydown", (event) => { if (event.key === "Escape") finding(false); });
  $("[data-shut]", find).addEventListener("click", () => finding(false));

  for (const button of article.querySelectorAll("[data-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.open === "find" ? finding(true) : look.showModal()));
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  // The sheet of a paragraph ------------------------------------------------------------------------------------

  const sheet = $("#sheet");
  const told = $("[data-told]", sheet);
  const field = $("input", sheet);
  const talk = $("[data-talk]", sheet);
  const LONGEST = 500;
  let about = null;
  let chosen = null;

  // What is selected inside one paragraph, with what stands around it.
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const block = (range.startContainer.nodeType === 3 ? range.startContainer.parentElement : range.startContainer)
      .closest?.(".text .block");
    if (!block || !$(".pin", block)) return null;
    const { words, nodes } = wordsOf(block);
    const inside = nodes.filter(([node]) => range.intersectsNode(node));
    if (!inside.length) return null;
    const offset = ([node, from], edge, at) => from + (node === edge ? at : edge === range.endContainer ? node.length : 0);
    let start = offset(inside[0], range.startContainer, range.startOffset);
    let end = offset(inside.at(-1), range.endContainer, range.endOffset);
    end = Math.min(end, start + LONGEST);
    while (start < end && /\s/.test(words[start])) start += 1;
    while (end > start && /\s/.test(words[end - 1])) end -= 1;
    if (end - start < 2) return null;
    return { block, quote: words.slice(start, end), before: words.slice(Math.max(0, start - 32), start), after: words.slice(end, end + 32) };
  };

  document.addEventListener("selectionchange", () => {
    const now = selected();
    // A tap on the number takes the selection away first: it counts for a moment longer.
    if (now) chosen = { ...now, gone: 0 };
    else if (chosen) chosen.gone ||= Date.now();
    for (const pin of text.querySelectorAll(".pin[data-quoting]")) if (!now?.block.contains(pin)) delete pin.dataset.quoting;
    if (now) $(".pin", now.block).dataset.quoting = "";
  });

  const addressOf = ({ block, quote, before, after }) => {
    const encoded = (words) => encodeURIComponent(words).replace(/-/g, "%2D");
    const link = `${location.origin}${article.dataset.address}#${block.id}`;
    if (!quote) return link;
    const words = quote.split(/\s+/);
    const body = words.length > 9 ? `${encoded(words.slice(0, 4).join(" "))},${encoded(words.slice(-4).join(" "))}` : encoded(quote);
    const near = (side, from, to) => encoded(side.trim().split(/\s+/).slice(from, to).join(" "));
    const lead = /\s$/.test(before) && before.trim() ? `${near(before, -2)}-,` : "";
    const tail = /^\s/.test(after) && after.trim().includes(" ") ? `,-${near(after, 0, 1)}` : "";
    return `${link}:~:text=${lead}${body}${tail}`;
  };

  const copy = async (words) => {
    // Over plain HTTP there is no clipboard: the words stand selected, for the reader's own hand.
    field.hidden = false;
    field.value = words;
    field.select();
    let done = false;
    if (navigator.clipboard) done = await navigator.clipboard.writeText(words).then(() => true, () => false);
    done ||= document.execCommand("copy");
    field.hidden = done;
    told.textContent = done ? sheet.dataset.copied : sheet.dataset.copy;
  };

  const share = async () => {
    const whole = wordsOf(about.block).words.trim();
    const quote = about.quote ?? whole.match(/^.{20,280}?[.?!…](?=\s|$)|^.{1,280}(?=\s|$)/su)?.[0] ?? whole;
    const url = addressOf(about.quote ? about : { block: about.block });
    const words = `“${quote}” – ${article.dataset.share}`;
    if (!navigator.share) return copy(`${words}\n${url}`);
    try {
      await navigator.share({ title: document.title, text: words, url });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };

  const quotesOf = (block) => {
    const found = wordsOf(block);
    const ranges = [];
    for (const { dataset } of talk.querySelectorAll("[data-marked]")) {
      let at = -1;
      for (let n = Number(dataset.nth); n >= 0; n -= 1) at = found.words.indexOf(dataset.marked, at + 1);
      if (at >= 0) ranges.push(rangeOf(found, at, at + dataset.marked.length));
    }
    return ranges;
  };

  const listen = async (block) => {
    talk.replaceChildren();
    let page = null;
    try {
      const answer = await fetch(`${block.id}/`);
      if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    if (about?.block !== block) return;
    if (page) talk.append(...page.getElementById("discussion").childNodes);
    else talk.textContent = document.body.dataset.asOf.split(".")[0];
    if (still) mark("quoted", quotesOf(block));
  };

  const openSheet = (block, quote) => {
    const again = sheet.open;
    about = { block, ...quote };
    const number = $(".pin", block).firstChild.data.trim();
    $("[data-number]", sheet).textContent = number;
    const words = about.quote ?? `${wordsOf(block).words.trim().split(/\s+/).slice(0, 18).join(" ")} …`;
    $("blockquote", sheet).textContent = about.quote ? `“${words}”` : words;
    for (const link of sheet.querySelectorAll("a[data-kind]")) {
      const query = new URLSearchParams({ block: block.id, kind: link.dataset.kind });
      if (about.quote) for (const name of ["quote", "before", "after"]) query.set(name, about[name]);
      link.search = query;
    }
    told.textContent = "";
    field.hidden = true;
    for (const old of text.querySelectorAll(".block.chosen")) old.classList.remove("chosen");
    block.classList.add("chosen");
    if (!again) wide.matches ? sheet.show() : sheet.showModal();
    $("h2", sheet).focus({ preventScroll: true });
    history[again ? "replaceState" : "pushState"]({ sheet: block.id }, "", `#${block.id}`);
    listen(block);
  };

  let from = null;
  const goBack = () => from?.focus({ preventScroll: true });
  sheet.addEventListener("close", () => {
    about?.block.classList.remove("chosen");
    from = about && $(".pin", about.block);
    about = null;
    mark("quoted", []);
    goBack();
    if (history.state?.sheet) history.back();
  });
  // The step back may take the focus along: it belongs to the number that was tapped.
  addEventListener("popstate", () => {
    if (history.state?.sheet) return;
    if (sheet.open) sheet.close(); else setTimeout(goBack);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && sheet.open && !event.defaultPrevented) sheet.close(); });
  if (history.state?.sheet) history.replaceState(null, "");
  $("[data-do='copy']", sheet).addEventListener("click", () => copy(addressOf({ block: about.block })));
  $("[data-do='share']", sheet).addEventListener("click", share);

  for (const pin of text.querySelectorAll(".pin")) pin.setAttribute("aria-haspopup", "dialog");
  text.addEventListener("click", (event) => {
    const pin = event.target.closest(".pin");
    if (!pin || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const block = pin.closest(".block");
    const fresh = chosen?.block === block && (!chosen.gone || Date.now() - chosen.gone < 1500);
    openSheet(block, fresh ? chosen : null);
  });

  // On stage ----------------------------------------------------------------------------------------------------

  const markStaged = () => {
    if (!still) return;
    const ranges = [];
    for (const link of document.querySelectorAll("[data-live][data-quote]")) {
      const block = document.getElementById(link.hash.slice(1));
      const found = block && wordsOf(block);
      const at = found && link.dataset.quote ? found.words.indexOf(link.dataset.quote) : -1;
      if (at >= 0) ranges.push(rangeOf(found, at, at + link.dataset.quote.length));
    }
    mark("staged", ranges);
  };

  const renew = async () => {
    try {
      const answer = await fetch(location.pathname);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      $("[data-stage]").replaceChildren(...$("[data-stage]", page).childNodes);
      markStaged();
      // Counts beside their numbers; no line of the text moves.
      for (const fresh of page.querySelectorAll(".text .pin")) {
        const pin = $(".pin", document.getElementById(fresh.closest(".block").id) ?? sheet);
        if (pin && pin.dataset.comments !== fresh.dataset.comments) pin.replaceWith(fresh);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  };
  let coming = 0;
  document.addEventListener("live", ({ detail: { kind, data } }) => {
    const ours = data.includes(`/papers/${article.dataset.paper}/#`) || Boolean($(`[data-live="${CSS.escape(data)}"]`));
    if (kind !== "refresh" && !ours) return;
    clearTimeout(coming);
    // Spread over a moment: a whole hall would otherwise come back at once.
    coming = setTimeout(renew, Math.random() * (kind === "refresh" ? 3000 : 800));
  });

  markStaged();
  locate();
})();
