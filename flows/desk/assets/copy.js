"use strict";
// Copies the text before a button, and prints a page.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) { window.print(); return; }
  const text = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "已复制";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "请按 Ctrl+C 复制";
  }
});
