// The timetable by mouse and by keyboard. Without it the same is done by the forms of the page.
"use strict";

(() => {
  const table = document.querySelector(".timetable");
  if (!table) return;
  const refused = document.querySelector("[data-refused]");
  const told = document.querySelector("[data-told]");
  const allAfter = document.getElementById("all-after");
  const columns = [...table.querySelectorAll(".column")];
  const token = table.querySelector("[data-token] input").value;
  const STEP = 5;
  const LAST = 24 * 60 - STEP;
  const HEIGHT = 2; // pixels for a minute

  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const clock = (at) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;

  const slots = [...table.querySelectorAll(".slot")].map((box) => {
    const start = minutes(box.dataset.start);
    const end = minutes(box.dataset.end);
    const column = box.closest(".column");
    // What ends after midnight is drawn to the end of its day, and only its form changes it.
    const whole = end > start;
    const place = { start, end: whole ? end : LAST, column };
    return { box, slug: box.dataset.slug, version: box.dataset.version, whole, ...place, saved: place };
  });

  // Drawing -----------------------------------------------------------------------------------------------------

  const layout = () => {
    const first = Math.floor(Math.min(8 * 60, ...slots.map((slot) => slot.start)) / 60) * 60;
    const last = Math.ceil(Math.max(18 * 60, ...slots.map((slot) => slot.end)) / 60) * 60;
    table.classList.add("is-drawn");
    table.dataset.first = first;
    for (const column of columns) {
      const here = slots.filter((slot) => slot.column === column).sort((a, b) => a.start - b.start || a.end - b.end);
      column.querySelector(".slots").style.height = `${(last - first) * HEIGHT}px`;
      for (const slot of here) {
        const beside = here.filter((other) => other.start < slot.end && slot.start < other.end);
        slot.box.style.top = `${(slot.start - first) * HEIGHT}px`;
        slot.box.style.height = `${Math.max(slot.end - slot.start, 10) * HEIGHT}px`;
        slot.box.style.left = `${(100 * beside.indexOf(slot)) / beside.length}%`;
        slot.box.style.width = `${100 / beside.length}%`;
        slot.box.querySelector("[data-time]").textContent = `${clock(slot.start)}–${clock(slot.end)}`;
      }
    }
  };

  const say = (slot) => {
    const words = { title: slot.box.dataset.title, start: clock(slot.start), end: clock(slot.end), room: slot.column.dataset.name };
    told.textContent = table.dataset.said.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  };

  const refuse = (slot, text) => {
    Object.assign(slot, slot.saved);
    put(slot, slot.column);
    refused.textContent = text;
    refused.hidden = false;
    layout();
  };

  // A focused box keeps its focus when it changes columns.
  const put = (slot, column) => {
    const list = column.querySelector(".slots");
    if (slot.box.parentElement === list) return;
    const focused = slot.box.contains(document.activeElement);
    list.append(slot.box);
    if (focused) slot.box.querySelector("a").focus({ preventScroll: true });
  };

  const change = (slot, { start = slot.start, end = slot.end, column = slot.column }) => {
    if (!slot.whole || start < 0 || end > LAST || end - start < STEP) return;
    Object.assign(slot, { start, end, column });
    put(slot, column);
    layout();
  };

  // Saving: one after the other, so that each names the version that the one before it made ----------------------

  let queue = Promise.resolve();
  const timers = new Map();

  const send = async (slot) => {
    const { start, end, column, saved } = slot;
    if (start === saved.start && end === saved.end && column === saved.column) return;
    const data = new URLSearchParams({
      csrfmiddlewaretoken: token,
      version: slot.version,
      day: table.dataset.day,
      start: clock(start),
      end: clock(end),
      room: column.dataset.room,
      seen: table.dataset.seen,
    });
    if (allAfter.checked) data.set("all_after", "on");
    let answer;
    try {
      answer = await fetch(`${table.dataset.move}${slot.slug}/`, { method: "POST", body: data, headers: { Accept: "application/json" } });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return refuse(slot, table.dataset.away);
    }
    if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) return location.reload();
    const result = await answer.json();
    if (!answer.ok) return refuse(slot, result.refusal);
    refused.hidden = true;
    const by = start - saved.start || end - saved.end;
    slot.saved = { start, end, column };
    for (const other of slots.filter((each) => each.slug in result.versions)) {
      other.version = result.versions[other.slug];
      other.box.classList.add("is-new");
      if (other === slot) continue;
      other.start += by;
      other.end += by;
      other.saved = { start: other.start, end: other.end, column: other.column };
    }
    table.dataset.seen = result.seen;
    layout();
  };

  const save = (slot, wait) => {
    slot.box.classList.add("is-saving");
    clearTimeout(timers.get(slot));
    timers.set(slot, setTimeout(() => {
      queue = queue.then(() => send(slot)).finally(() => slot.box.classList.remove("is-saving"));
    }, wait));
  };

  // The keyboard --------------------------------------------------------------------------------------------------

  const beside = (column, by) => columns[columns.indexOf(column) + by] ?? column;
  const KEYS = {
    ArrowUp: (slot, longer) => ({ start: longer ? slot.start : slot.start - STEP, end: slot.end - STEP }),
    ArrowDown: (slot, longer) => ({ start: longer ? slot.start : slot.start + STEP, end: slot.end + STEP }),
    ArrowLeft: (slot) => ({ column: beside(slot.column, -1) }),
    ArrowRight: (slot) => ({ column: beside(slot.column, 1) }),
  };

  table.addEventListener("keydown", (event) => {
    const slot = slots.find((each) => each.box.contains(event.target));
    if (!slot || !KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    change(slot, KEYS[event.key](slot, event.shiftKey));
    say(slot);
    save(slot, 500);
  });

  // The mouse -----------------------------------------------------------------------------------------------------

  let drag = null;

  table.addEventListener("pointerdown", (event) => {
    const slot = slots.find((each) => each.box.contains(event.target));
    // A finger scrolls the page; on a phone the forms do it.
    if (!slot || event.button !== 0 || event.pointerType === "touch") return;
    const edge = Boolean(event.target.closest("[data-edge]"));
    drag = { slot, edge, x: event.clientX, y: event.clientY, start: slot.start, end: slot.end, moved: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const down = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(event.clientX - drag.x, down) < 5) return;
    drag.moved = true;
    drag.slot.box.classList.add("is-dragged");
    const by = Math.round(down / HEIGHT / STEP) * STEP;
    const under = columns.find((column) => {
      const { left, right } = column.getBoundingClientRect();
      return event.clientX >= left && event.clientX < right;
    });
    if (drag.edge) change(drag.slot, { end: drag.end + by });
    else change(drag.slot, { start: drag.start + by, end: drag.end + by, column: under ?? drag.slot.column });
  });

  const drop = () => {
    if (!drag) return;
    const { slot, moved } = drag;
    drag = null;
    slot.box.classList.remove("is-dragged");
    if (!moved) return;
    say(slot);
    save(slot, 0);
    // The click that ends a drag opens nothing.
    const hold = (event) => event.preventDefault();
    slot.box.addEventListener("click", hold, { capture: true });
    setTimeout(() => slot.box.removeEventListener("click", hold, { capture: true }), 0);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  table.addEventListener("dragstart", (event) => event.preventDefault());

  layout();
})();
