"use strict";
// A form that is refused says why where it stands: what was filled in is not lost. Where the desk
// was started anew meanwhile, the page takes the word of the new session and asks once more.
const lost = () => `没有连上工作台，没有保存；填写的内容还在本页。请看终端里的工作台是否还开着；已经关了的，用 kaohe desk --port ${location.port} 重新打开，在新标签页打开它显示的地址，再回到本页按一次。`;

async function asked(form, fields) {
  return fetch(form.action, {
    method: "POST", headers: { accept: "application/json" },
    body: form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields),
  });
}

// Returns the word of this browser's session by now; none where it is not in.
async function word() {
  const answer = await fetch("/word", { headers: { accept: "application/json" } });
  return answer.ok ? (await answer.json()).csrf : null;
}

// Sends a form; returns what was refused, nothing where it was done.
async function send(form, fields) {
  let answer = await asked(form, fields);
  let said = answer.ok ? null : await answer.json();
  const csrf = said?.old ? await word() : null;
  if (csrf) {
    document.querySelectorAll("input[name=csrf]").forEach((each) => { each.value = csrf; });
    fields.set("csrf", csrf);
    answer = await asked(form, fields);
    said = answer.ok ? null : await answer.json();
  }
  if (!said) location.assign(answer.url);
  return said;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button")];
  const told = form.querySelector("[data-refused]") ?? form.appendChild(document.createElement("p"));
  told.dataset.refused = "";
  told.className = "bad";
  told.setAttribute("role", "alert");
  told.textContent = "";
  told.hidden = true;
  const fields = new FormData(form, event.submitter);
  buttons.forEach((each) => { each.disabled = true; });
  try {
    const said = await send(form, fields);
    if (!said) return;
    told.textContent = said.zh;
  } catch {
    told.textContent = lost();
  }
  told.hidden = false;
  buttons.forEach((each) => { each.disabled = false; });
  told.scrollIntoView({ block: "center" });
});
