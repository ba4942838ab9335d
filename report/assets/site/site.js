"use strict";
// Pages are whole without scripts; this only says that everything is there.
document.body.dataset.ready = "";
