"use strict";
// A form that is refused says why where it stands: what was filled in is not lost.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.enctype === "multipart/form-data") return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button")];
  const said = form.querySelector("[data-refused]") ?? form.appendChild(document.createElement("p"));
  said.dataset.refused = "";
  said.className = "bad";
  said.setAttribute("role", "alert");
  said.textContent = "";
  said.hidden = true;
  const sent = new URLSearchParams(new FormData(form, event.submitter));
  buttons.forEach((each) => { each.disabled = true; });
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: sent, headers: { accept: "application/json" },
    });
    if (answer.ok) { location.assign(answer.url); return; }
    said.textContent = (await answer.json()).zh;
  } catch {
    said.textContent = "没有连上工作台，没有保存。请看终端里的工作台是否还开着。";
  }
  said.hidden = false;
  buttons.forEach((each) => { each.disabled = false; });
  said.scrollIntoView({ block: "center" });
});
