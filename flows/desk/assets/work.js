"use strict";
// Watches a piece of work, and goes on to its result.
(() => {
  const state = document.getElementById("state");
  const lines = document.getElementById("lines");

  async function ask() {
    try {
      const told = await (await fetch(state.dataset.ask)).json();
      if (told.state !== "running") { location.reload(); return; }
      state.textContent = `正在办理，已用 ${told.seconds} 秒`;
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
