"use strict";
// Pages are whole without scripts.
for (const each of document.querySelectorAll("[data-today]")) {
  const now = new Date(); // the day on which an answer is printed: pages themselves bear no clock
  each.textContent = `${now.getFullYear()}年${now.getMonth() + 1}月${now.getDate()}日`;
}
// Bring the section one is in into sight on a phone.
const here = document.querySelector(".sections [aria-current]");
if (here) here.parentElement.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth - here.parentElement.clientWidth);
document.body.dataset.ready = "";
