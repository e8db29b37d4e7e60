// Reviewing a paper by keyboard, corrections without leaving the place. Links and forms work without it.
"use strict";

(() => {
  // A file that is too large is not sent at all.
  const upload = document.querySelector("form[data-most]");
  upload?.addEventListener("submit", (event) => {
    const [file] = upload.querySelector('input[type="file"]').files;
    if (!file || file.size <= Number(upload.dataset.most)) return;
    event.preventDefault();
    const told = document.querySelector("[data-refusal]") ?? document.createElement("p");
    told.className = "message error";
    told.setAttribute("role", "alert");
    told.dataset.refusal = "";
    told.textContent = upload.dataset.tooLarge;
    upload.before(told);
  });

  const offerSplit = (root) => {
    const button = root.querySelector("[data-split]");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", (event) => {
      const field = button.form.elements.source;
      const at = field.selectionStart;
      const [before, after] = [field.value.slice(0, at).trimEnd(), field.value.slice(at).trimStart()];
      if (!before || !after) { event.preventDefault(); field.focus(); return; }
      field.value = `${before}\n\n${after}`;
    });
  };
  offerSplit(document);

  let review = document.getElementById("review");
  if (!review) return;
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  const doubts = () => [...review.querySelectorAll("[data-doubt]")];

  const focusOn = (place) => {
    if (!place) return;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  };

  const refuse = (text) => {
    const told = review.querySelector("[data-refused]");
    told.textContent = text;
    told.hidden = false;
    told.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = doubts();
    if (!all.length) return;
    const here = document.activeElement?.closest?.("[data-doubt], [data-row]");
    const at = all.indexOf(here?.closest("[data-doubt]"));
    if (at >= 0) return focusOn(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
    const following = document.body.contains(here)
      ? all.findIndex((doubt) => here.compareDocumentPosition(doubt) & Node.DOCUMENT_POSITION_FOLLOWING)
      : 0;
    focusOn(all[Math.max(by > 0 ? following : following - 1, 0)]);
  };

  const close = () => {
    const open = review.querySelector(".block-form");
    const row = open?.closest("[data-row]");
    open?.remove();
    row?.focus({ preventScroll: true });
  };

  const edit = async (link) => {
    const row = link.closest("[data-row]");
    const answer = await fetch(link.href).catch(() => null);
    if (!answer) return refuse(review.dataset.away);
    const form = parse(await answer.text()).getElementById("block-form");
    if (!form) return location.assign(link.href);
    close();
    form.removeAttribute("id");
    row.append(form);
    offerSplit(form);
    form.querySelector("textarea").focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  };

  // The page that the answer leads to takes the place of this one, the eye stays where it was.
  const send = async (form, button) => {
    const data = new FormData(form, button);
    const row = form.closest("[data-row], .gone, [data-doubt]");
    const key = data.get("next") || data.get("key") || form.closest("[data-row]")?.id;
    const order = doubts();
    const doubt = form.closest("[data-doubt]");
    const next = doubt ? order[order.indexOf(doubt) + 1]?.id : null;
    const before = row?.previousElementSibling?.id;
    form.inert = true;
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    form.inert = false;
    if (!answer) return refuse(review.dataset.away);
    const page = parse(await answer.text());
    const fresh = page.getElementById("review");
    if (!answer.ok || !fresh) {
      const again = page.getElementById("block-form");
      const open = form.closest(".block-form");
      if (again && open) {
        again.removeAttribute("id");
        open.replaceWith(again);
        offerSplit(again);
        return;
      }
      return refuse(page.querySelector("[data-refusal]")?.textContent.trim().replace(/\s+/g, " ") ?? answer.statusText);
    }
    const opened = [...review.querySelectorAll(".folds details")].map((each) => each.open);
    review.replaceWith(fresh);
    review = fresh;
    review.querySelectorAll(".folds details").forEach((each, index) => { each.open = opened[index] ?? each.open; });
    const place = [next, key, before].map((id) => id && document.getElementById(id)).find(Boolean);
    if (next) focusOn(place);
    else place?.focus({ preventScroll: !place.matches(":not([data-row])") });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-edit], a[data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !review.contains(link)) return;
    event.preventDefault();
    if (link.matches("[data-close]")) close();
    else edit(link);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!review.contains(form) || form.matches("[data-plain]")) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    e: () => {
      const row = document.activeElement?.closest?.("[data-row]");
      row?.querySelector("[data-edit]")?.click();
    },
    u: () => review.querySelector("[data-undo]")?.requestSubmit(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
