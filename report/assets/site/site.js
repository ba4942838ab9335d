"use strict";
// Pages are whole without scripts. This brings the section one is in into sight on a phone.
const here = document.querySelector(".sections [aria-current]");
if (here) here.parentElement.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth - here.parentElement.clientWidth);
document.body.dataset.ready = "";
