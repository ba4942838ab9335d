"use strict";
// What the desk adds to the page: decisions are saved at once, several at a time, and taken back.
review.desk = (() => {
  const { data, el, fill, correction } = review;
  const given = data.desk;
  const NEXT = "kaohe-next", BY = "kaohe-by";
  // What was just saved or taken back, told to the page that is loaded after it and to no other.
  const after = JSON.parse(sessionStorage.getItem(NEXT) || "null");
  sessionStorage.removeItem(NEXT);
  // A reason goes on from one saved decision to the next of its kind, and a name once it is saved;
  // what was only typed stays where it was.
  const drafts = new Map();
  const person = { reason: "", by: localStorage.getItem(BY) || "" };
  let busy = false;

  function begin(selected) {
    const key = selected.finding ?? [selected.serialNo, selected.entity, selected.field, selected.cell].join("|");
    person.reason = drafts.get(key) ?? (after?.reason && kindOf(selected) === after.kind ? after.reason : "");
    return (reason) => drafts.set(key, reason);
  }

  // What a decision is about: findings of one kind, or values beside any finding.
  function kindOf(selected) {
    return selected?.finding?.code ?? "";
  }

  // Sends a change; afterwards the page is loaded anew, with what the tables hold then.
  async function change(what, fields, then) {
    if (busy || given.read_only) { review.say(given.read_only ? "只读，不能保存" : "正在保存"); return; }
    busy = true;
    review.say("正在保存…");
    try {
      const said = await sent(what, fields);
      if (said.refused) { failed(said.zh); return; }
      if (then.by) localStorage.setItem(BY, then.by);
      sessionStorage.setItem(NEXT, JSON.stringify(then));
      location.reload();
    } catch {
      failed(`没有连上工作台，没有保存；填写的内容还在本页。请看终端里的工作台是否还开着；已经关了的，用 kaohe desk --port ${location.port} 重新打开，在新标签页打开它显示的地址，再回到本页保存。`);
    }
  }

  // Where the desk was started anew meanwhile, the page takes the word of the new session.
  async function sent(what, fields) {
    const headers = { accept: "application/json" };
    const ask = async () => {
      const body = new FormData();
      Object.entries({ csrf: given.csrf, ...fields }).forEach(([key, value]) => body.append(key, value));
      const answer = await fetch(what, { method: "POST", body, headers });
      return { ...await answer.json(), refused: !answer.ok };
    };
    const said = await ask();
    const word = said.old ? await fetch("/word", { headers }) : null;
    if (!word?.ok) return said;
    given.csrf = (await word.json()).csrf;
    return ask();
  }

  function failed(text) {
    busy = false;
    const dialog = document.getElementById("help");
    fill(dialog,
      el("h2", { id: "help-title" }, "没有保存"),
      el("p", { class: "failed", role: "alert" }, text),
      el("p", {}, "原有的决定都还在，填写的内容也还在本页。若是在另一页或文件里改过，请重新载入后再定。"),
      el("form", { method: "dialog" },
        el("button", { type: "button", onclick: () => location.reload() }, "重新载入"), " ",
        el("button", { class: "primary" }, "留在本页")));
    if (!dialog.open) dialog.showModal();
  }

  function save(entries) {
    const { finding } = review.state.selected ?? {};
    const at = finding ? review.findings.ordered.indexOf(finding) : -1;
    const all = entries.map((entry) => ({ ...entry, replaces: replaced(entry).map(({ number, mark }) => ({ number, mark })) }));
    change("decide", { entries: JSON.stringify(all) }, { at, reason: person.reason.trim(), kind: kindOf(review.state.selected), by: person.by.trim(), said: "已保存" });
  }

  // The decisions that a new one takes the place of: on the same place, or an acceptance of what is
  // a finding about the value no more once the value is another.
  function replaced({ where, accept }) {
    const same = (other) => ["serial_no", "column", "entity", "page", "table_no", "row"]
      .every((key) => (other[key] ?? null) === (where[key] ?? null));
    return given.decisions.filter((each) => {
      if (!each.where.finding_id) return !where.finding && same(each.where);
      const finding = data.findings.find((one) => one.finding_id === each.where.finding_id);
      return !accept && finding && correction.ofItsOwn(finding).some((choice) => same(choice.where));
    });
  }

  function undo(decision) {
    change("undo", { number: decision.number, mark: decision.mark }, { at: -1, of: data.findings.filter((each) => isAbout(decision, { finding: each, serialNo: each.serial_no, entity: each.entity, cell: each.cell })).map((each) => each.finding_id), said: `已撤销：${named(decision)}` });
  }

  // A decision in words; one on a finding says what the finding says.
  function named({ where, text }) {
    const finding = data.findings.find((each) => each.finding_id === where.finding_id);
    return finding ? `“${finding.message_zh}”认可原样` : text;
  }

  // Whether a decision is about what is selected: its finding, its value or its printed cell.
  function isAbout({ where }, { finding, serialNo, entity, cell }) {
    if (where.finding_id) {
      const own = finding ? [finding] : data.findings.filter((each) => each.entity === entity && each.serial_no === serialNo);
      return own.some((each) => each.finding_id === where.finding_id);
    }
    if (where.serial_no) return where.serial_no === serialNo && (!where.entity || !entity || where.entity === entity);
    const printed = review.cells[cell];
    return Boolean(printed) && where.row === printed.row && where.column === printed.column
      && (where.page === null || where.page === printed.page) && (where.table_no === null || where.table_no === printed.table_no);
  }

  // What was decided of the selection already; it is decided anew once that is taken back.
  // ``again``: a new decision can be filled in beside it.
  function settled(selected, again) {
    const made = given.decisions.filter((each) => isAbout(each, selected));
    const closed = selected.finding && selected.finding.state !== "open";
    if (!made.length && !closed) return null;
    return el("section", { class: "correct settled" },
      el("h3", {}, "已作决定"),
      made.length ? el("ul", {}, made.map(decided)) : el("p", { class: "hint" }, "这条不是在这里单独决定的：别处的更正使它不再成立，或者它只是记录一个决定。所有决定见事项列表末尾。"),
      made.length > 0 && el("p", { class: "hint" }, again ? "改同一处的，在下面填写，保存后代替原来的决定。" : "要改，请先撤销，再重新填写。"));
  }

  function decided(each) {
    return el("li", {},
      el("p", {}, named(each)), el("small", {}, each.who),
      !given.read_only && el("button", { type: "button", onclick: () => undo(each) }, "撤销"));
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
      return correction.choices(correction.about(finding)).find((choice) => choice.column === column) || null;
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
      el("ol", {}, given.decisions.slice().reverse().map(decided)));
  }

  function stale() {
    if (given.landed) return;
    const remark = document.getElementById("remark");
    remark.hidden = false;
    remark.setAttribute("role", "region");
    remark.setAttribute("aria-label", "提示");
    remark.append(" 更正文件或来源说明在入库之后改过，本页显示的还是原来入库的数据。 ",
      given.read_only ? "" : el("button", { type: "button", id: "land", onclick: () => change("land", {}, { at: -1, said: "已按文件重新入库" }) }, "按文件重新入库"));
  }

  // After a decision the next open finding is there to be decided; after undoing one, its own.
  function resume() {
    if (!after) return;
    const open = review.findings.ordered.filter((each) => each.state === "open" && each.severity !== "info");
    if (!open.length) { review.say(`${after.said}。全部核对完毕`); return; }
    const again = open.find((each) => after.of?.includes(each.finding_id));
    const next = again ?? open[Math.min(open.length - 1, Math.max(0, after.at))];
    review.selectFinding(next, "findings");
    review.findings.focus(next);
    review.say(`${after.said}，还有 ${open.length} 条${person.reason && person.reason === after.reason ? `（下一条沿用理由“${after.reason}”）` : ""}`);
  }

  function start() {
    document.getElementById("top").prepend(el("a", { class: "home", href: "/review" }, "← 工作台"));
    const list = decisions();
    if (list) document.getElementById("findings").append(list);
    stale();
    resume();
  }

  return { person, begin, settled, save, undoLast, together, button, start };
})();
