"use strict";
// Watches a piece of work, and goes on to its result.
(() => {
  const state = document.getElementById("state");
  const lines = document.getElementById("lines");
  const bar = document.querySelector("progress");

  // How far it is: page by page where there are pages, else only that it goes on.
  function show({ pages, seconds }) {
    const [done, of] = pages ?? [0, 0];
    state.textContent = `正在办理，已用 ${seconds} 秒${of ? `；已完成 ${done} / ${of} 页` : ""}`;
    if (of) { bar.max = of; bar.value = done; } else bar.removeAttribute("value");
  }

  async function ask() {
    try {
      const told = await (await fetch(state.dataset.ask)).json();
      if (told.state !== "running") { location.reload(); return; }
      show(told);
      lines.replaceChildren(...told.lines.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }));
    } catch {
      state.textContent = "没有连上工作台，请看终端里的工作台是否还开着。";
    }
    setTimeout(ask, 400);
  }
  ask();
})();
