// The item's form: what the checks would find, as one types. Without it they speak when one has saved.
"use strict";

(() => {
  const box = document.querySelector("[data-check]");
  const form = box?.closest("form");
  if (!form) return;
  let timer = 0;
  let newest = 0;

  const look = async () => {
    const number = ++newest;
    const data = new URLSearchParams(new FormData(form));
    data.set("slug", box.dataset.slug);
    try {
      const answer = await fetch(box.dataset.check, { method: "POST", body: data });
      // Only the answer to what stands there now is shown.
      if (answer.ok && number === newest) box.innerHTML = await answer.text();
    } catch (error) {
      // No connection: the checks speak again when the form is saved.
      if (!(error instanceof TypeError)) throw error;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  });
  look();
})();
