"use strict";
// Shows of a long list only what has the words that are typed; what is hidden is sent all the same.
document.querySelectorAll("[data-filter]").forEach((field) => {
  const list = document.getElementById(field.dataset.filter);
  const count = document.querySelector(`[data-count=${field.dataset.filter}]`);
  const entries = [...list.children].map((each) => [each, each.querySelector("p").textContent]);
  function show() {
    const typed = field.value.trim().split(/\s+/).filter(Boolean);
    const number = /^第?\s*(\d+)\s*项?$/.exec(field.value.trim())?.[1];
    let shown = 0;
    for (const [each, text] of entries) {
      const fits = number ? text.trimStart().startsWith(`${number}.`) : typed.every((word) => text.includes(word));
      each.hidden = !fits;
      shown += Number(fits);
    }
    count.textContent = typed.length ? `${shown} / ${entries.length} 项` : "";
  }
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
});
