"use strict";
// What the desk adds to the page: decisions are saved at once, several at a time, and taken back.
review.desk = (() => {
  const { data, el, fill, correction } = review;
  const given = data.desk;
  const NEXT = "kaohe-next", BY = "kaohe-by", REASON = "kaohe-reason";
  const person = {
    reason: sessionStorage.getItem(REASON) || "",
    by: localStorage.getItem(BY) || "",
  };
  let busy = false;

  // Sends a change; afterwards the page is loaded anew, with what the tables hold then.
  async function change(what, fields, next) {
    if (busy || given.read_only) { review.say(given.read_only ? "只读，不能保存" : "正在保存"); return; }
    busy = true;
    review.say("正在保存…");
    const body = new FormData();
    Object.entries({ csrf: given.csrf, ...fields }).forEach(([key, value]) => body.append(key, value));
    try {
      const answer = await fetch(what, { method: "POST", body, headers: { accept: "application/json" } });
      const said = await answer.json();
      if (!answer.ok) { failed(said.zh); return; }
      sessionStorage.setItem(NEXT, String(next));
      location.reload();
    } catch {
      failed("没有连上工作台，没有保存。请看终端里的工作台是否还开着，再试一次。");
    }
  }

  function failed(text) {
    busy = false;
    const dialog = document.getElementById("help");
    fill(dialog,
      el("h2", { id: "help-title" }, "没有保存"),
      el("p", { class: "failed", role: "alert" }, text),
      el("p", {}, "原有的决定都还在。若是在另一页或文件里改过，请重新载入后再定。"),
      el("form", { method: "dialog" },
        el("button", { type: "button", onclick: () => location.reload() }, "重新载入"), " ",
        el("button", { class: "primary" }, "留在本页")));
    if (!dialog.open) dialog.showModal();
  }

  function save(entries) {
    localStorage.setItem(BY, person.by.trim());
    sessionStorage.setItem(REASON, person.reason.trim());
    const at = review.findings.ordered.indexOf(review.state.selected?.finding);
    change("decide", { entries: JSON.stringify(entries) }, at);
  }

  function undo(decision) {
    change("undo", { number: decision.number, mark: decision.mark }, -1);
  }

  function undoLast() {
    const last = given.decisions[given.decisions.length - 1];
    if (last) undo(last);
    else review.say("还没有决定可以撤销");
  }

  // The same decision for all open findings of one kind: a box to tick where there are others.
  function together() {
    const box = el("input", { type: "checkbox" });
    const text = el("span", {}, "");
    const label = el("label", { class: "check together" }, box, text);
    let others = [];

    function offer(finding, choice, decision) {
      const alike = finding ? data.findings.filter((each) => each !== finding && each.state === "open"
        && each.code === finding.code && each.severity === finding.severity) : [];
      others = decision.accept ? alike.map((each) => correction.ofFinding(each))
        : correction.CODES[choice.column] ? alike.map((each) => sameColumn(each, choice.column)).filter(Boolean) : [];
      label.hidden = others.length === 0;
      text.textContent = `同类的另外 ${others.length} 条也一并${decision.accept ? "认可" : "这样填"}（同一理由）`;
      if (label.hidden) box.checked = false;
    }

    function sameColumn(finding, column) {
      const selected = { finding, serialNo: finding.serial_no, entity: finding.entity, field: finding.field, cell: finding.cell };
      return correction.choices(selected).find((choice) => choice.column === column) || null;
    }

    return {
      label, offer,
      entries: (decision) => (box.checked ? others.map((choice) => correction.entry(choice, decision)) : []),
    };
  }

  function button(run) {
    return el("button", { type: "button", class: "primary", id: "save", disabled: given.read_only, onclick: run },
      given.read_only ? "只读，不能保存" : "保存（s）");
  }

  function decisions() {
    if (!given.decisions.length) return null;
    return el("details", { id: "decisions" },
      el("summary", {}, `已作决定 ${given.decisions.length} 个`),
      el("ol", {}, given.decisions.slice().reverse().map((each) => el("li", {},
        el("p", {}, each.text), el("small", {}, each.who),
        !given.read_only && el("button", { type: "button", onclick: () => undo(each) }, "撤销")))));
  }

  function stale() {
    if (given.landed) return;
    const remark = document.getElementById("remark");
    remark.hidden = false;
    remark.setAttribute("role", "region");
    remark.setAttribute("aria-label", "提示");
    remark.append(" 更正文件或来源说明在入库之后改过，本页显示的还是原来入库的数据。 ",
      given.read_only ? "" : el("button", { type: "button", id: "land", onclick: () => change("land", {}, -1) }, "按文件重新入库"));
  }

  // After a decision the next open finding is there to be decided.
  function resume() {
    const next = sessionStorage.getItem(NEXT);
    sessionStorage.removeItem(NEXT);
    if (next === null) return;
    const open = review.findings.ordered.filter((each) => each.state === "open" && each.severity !== "info");
    if (!open.length) { review.say("全部核对完毕"); return; }
    const at = Math.min(open.length - 1, Math.max(0, Number(next)));
    review.selectFinding(open[at], "findings");
    review.findings.focus(open[at]);
    review.say(`已保存，还有 ${open.length} 条`);
  }

  function start() {
    document.getElementById("top").prepend(el("a", { class: "home", href: "/review" }, "← 工作台"));
    const list = decisions();
    if (list) document.getElementById("findings").append(list);
    stale();
    resume();
  }

  return { person, save, undoLast, together, button, start };
})();
