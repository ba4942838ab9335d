"use strict";
// What is known of the selection, and the correction to copy.
review.inspector = (() => {
  const { data, el, fill, words, correction } = review;
  const root = document.getElementById("inspector");
  const { desk } = review;
  const person = desk ? desk.person : { reason: "", by: "" };
  let copyNow = null;
  let saveNow = null;

  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  function line(name, ...content) {
    const filled = content.flat(Infinity).filter((each) => each !== null && each !== "" && each !== false && each !== undefined);
    return filled.length ? [el("dt", {}, name), el("dd", {}, filled)] : null;
  }

  function title(selected) {
    if (selected.serialNo) {
      const indicator = review.indicators.get(selected.serialNo);
      const name = indicator ? indicator.indicator : "";
      return `${selected.serialNo}. ${name}${selected.entity ? ` · ${selected.entity}` : ""}`;
    }
    if (selected.finding) return selected.finding.entity || words.severity[selected.finding.severity];
    return "单元格";
  }

  function findingPart(finding) {
    const others = finding.alternatives.filter((each) => each.text !== finding.text);
    return el("section", { class: `about ${finding.severity}` },
      el("p", { class: "message" },
        el("span", { class: "badge" }, `${words.sign[finding.severity]} ${words.severity[finding.severity]}`),
        finding.state !== "open" && el("span", { class: "state" }, words.finding_state[finding.state]),
        ` ${finding.message_zh}`),
      el("dl", {},
        line("读到", finding.text !== null && el("q", {}, finding.text || words.missing.text)),
        line(others.length > 1 ? "其他可能" : "另一读法", others.map((each) => alternative(each, finding)))));
  }

  function parts(value) {
    if (!value.parts.length) return null;
    return el("ul", {}, value.parts.map((part) => el("li", {},
      part.label,
      el("small", {}, `　“${part.text}”`))));
  }

  // Why a value needs review, without what the finding above has just said.
  function reason(value, finding) {
    const said = finding ? finding.message_zh.replace(/。$/, "") : "";
    const others = value.review_reason.replace(/。$/, "").split("；").filter((each) => each !== said);
    return others.join("；") || "见上";
  }

  // An alternative that names an indicator of the table leads to it.
  function alternative({ text, serial_no: serialNo }, finding) {
    const known = finding.serial_no === null && review.indicators.has(serialNo);
    if (!known) return el("q", {}, text || words.missing.text);
    return el("q", {}, text, " ", el("button", {
      type: "button", class: "link",
      onclick: () => (finding.entity && review.target(serialNo, finding.entity)
        ? review.selectValue(serialNo, finding.entity, "inspector", finding.field)
        : review.selectField(serialNo, "indicator", "inspector")),
    }, "查看"));
  }

  // The printed ways of counting: the text, whether it counts, and as what it was read.
  function methods(indicator) {
    if (!indicator.methods.length) return null;
    return el("ul", {}, indicator.methods.map((method) => el("li", {},
      `“${method.text}”`, method.page !== null && el("small", {}, `　第 ${method.page} 页`), " ",
      el(["proposed", "not_understood"].includes(method.status) ? "strong" : "small", {}, words.method_status[method.status]),
      method.read && el("small", { class: "read" }, `读作：${method.read}`),
      method.reason && el("small", { class: "read" }, method.reason))));
  }

  function valuePart(selected) {
    const indicator = review.indicators.get(selected.serialNo);
    const value = selected.entity ? review.target(selected.serialNo, selected.entity) : null;
    const members = data.indicators.filter((each) => each.weight_group === indicator.weight_group);
    return el("dl", {},
      value && [
        line("入库值", value.status === "assessed" ? value.target_text || words.missing.text : words.target_status[value.status],
          value.inherited && el("small", {}, "　来自合并单元格")),
        line("理解为", value.status === "assessed" && [words.target_kind[value.target_kind], value.label && `：${value.label}`, parts(value)]),
        line(words.finding_state.open, value.needs_review && el("strong", {}, reason(value, selected.finding))),
      ],
      line("分值", value && value.status === "assessed" ? value.points : indicator.points,
        members.length > 1 && el("small", {}, `　与第 ${members.map((each) => each.serial_no).join("、")} 项合计`)),
      !value && [
        line(words.field.unit, indicator.unit), line("方向", words.direction[indicator.direction]),
        line(words.field.assessing_departments, (indicator.assessing_departments || []).join("、") || "（未印）"),
        line(words.field.supporting_departments, (indicator.supporting_departments || []).join("、")),
        line(words.field.note, indicator.note),
      ],
      line("计分办法", methods(indicator)),
      line("层级", words.path(indicator)));
  }

  function sharedBy(cell, selected) {
    const others = cell.values.filter((each) => each.serialNo !== selected.serialNo || each.entity !== selected.entity);
    return others.slice(0, 12).map((each) => el("button", {
      type: "button", class: "link", onclick: () => review.selectValue(each.serialNo, each.entity, "inspector"),
    }, `${each.serialNo} ${each.entity}`)).concat(others.length > 12 ? `等 ${others.length} 个` : []);
  }

  function cellPart(selected) {
    if (selected.cell === null || selected.cell === undefined) {
      return selected.serialNo ? el("p", { class: "hint" }, "没有找到这个值在原件上的确切位置。") : null;
    }
    const cell = review.cells[selected.cell];
    return el("dl", {},
      line("原件", el("span", { class: "verbatim" }, cell.text || words.missing.text)),
      line("位置", words.place(cell)),
      line("两次读取", cell.agreed === true ? "一致" : cell.agreed === false && el("strong", {}, "不一致")),
      line("识别把握", cell.confidence !== null && `${Math.round(cell.confidence * 100)}%`),
      line("同一单元格", sharedBy(cell, selected)),
      line("相关事项", cell.findings.filter((each) => each !== selected.finding).map((finding) => el("button", {
        type: "button", class: "link", onclick: () => review.selectFinding(finding, "inspector"),
      }, finding.message_zh))));
  }

  function suggested(choice, selected) {
    const { finding } = selected;
    const others = finding ? finding.alternatives.map((each) => each.text) : [];
    return [...new Set(others)].filter((each) => each !== choice.expect && correction.fits(choice, each));
  }

  function correctionPart(selected) {
    const options = correction.choices(selected);
    if (!options.length) return null;
    const draft = desk ? desk.begin(selected) : () => {};
    const decision = { accept: false, value: "", on: today() };
    let choice = options[0];
    const finding = correction.acceptable(selected);
    const lacking = el("p", { class: "lacking", "aria-live": "polite" });
    const out = el("pre", { id: "toml", tabindex: 0, "aria-label": "更正条目" });
    const value = el("textarea", { rows: 1, "aria-label": "正确的值", oninput: () => { decision.value = value.value; write(); } });
    const valueLabel = el("label", {}, "正确的值", value);
    const accept = el("input", { type: "checkbox", onchange: () => { decision.accept = accept.checked; write(); } });
    const which = el("select", { "aria-label": "更正哪一项", onchange: () => { choice = options[Number(which.value)]; begin(); } },
      options.map((option, place) => el("option", { value: place }, option.name)));
    const chips = el("div", { class: "chips" });
    const together = desk && desk.together();

    function begin() {
      const likely = suggested(choice, selected);
      decision.accept = Boolean(choice.acceptOnly);
      decision.value = choice === options[0] && likely.length ? likely[0]
        : Array.isArray(choice.expect) ? choice.expect.join("、") : String(choice.expect);
      const ready = correction.CODES[choice.column] ? Object.entries(correction.CODES[choice.column])
        : choice === options[0] && !choice.acceptOnly ? likely.map((text) => [text, `采用“${text || "空白"}”`]) : [];
      fill(chips, ready.map(([text, name]) => el("button", {
        type: "button", onclick: () => { decision.value = text; decision.accept = false; write(); },
      }, name)));
      write();
    }

    function write() {
      if (value.value !== decision.value) value.value = decision.value;
      accept.checked = decision.accept;
      accept.disabled = Boolean(choice.acceptOnly) || !finding;
      value.disabled = decision.accept;
      valueLabel.hidden = Boolean(choice.acceptOnly);
      const entry = decision.accept && finding ? correction.ofFinding(finding) : choice;
      const given = { ...decision, ...person };
      out.textContent = correction.toml(entry, given);
      const missing = correction.lacking(entry, given);
      lacking.textContent = missing.length ? `还需填写：${missing.join("、")}` : "";
      if (desk) together.offer(finding, entry, given);
    }

    // Saves what is complete; else leads to the first thing that is lacking.
    function save() {
      const entry = decision.accept && finding ? correction.ofFinding(finding) : choice;
      const given = { ...decision, ...person };
      const [first] = correction.lacking(entry, given);
      if (!first) return desk.save([correction.entry(entry, given), ...together.entries(given)]);
      const names = { "理由": "reason", "经办人": "by" };
      (root.querySelector(`[name="${names[first]}"]`) || value).focus();
      return review.say(`还需填写：${first}`);
    }

    function personInput(name, label, placeholder) {
      return el("label", {}, label, el("input", {
        type: "text", name, value: person[name], placeholder, autocomplete: "off",
        oninput: (event) => {
          person[name] = event.target.value;
          if (name === "reason") draft(person.reason);
          write();
        },
      }));
    }

    begin();
    copyNow = desk ? null : () => copy(out);
    saveNow = desk ? { save, accept, value } : null;
    const onEnter = (event) => {
      if (!desk || event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.type === "checkbox") return;
      if (event.target.closest("input, textarea")) { event.preventDefault(); save(); }
    };
    return el("section", { class: "correct", onkeydown: onEnter },
      el("h3", {}, "更正"),
      el("label", {}, "更正哪项", which),
      el("label", { class: "check" }, accept, "读取无误，认可原样"),
      valueLabel, chips,
      el("div", { class: "row" }, personInput("reason", "理由", "如：原件第 3 页印为 700"), personInput("by", "经办人", "姓名")),
      desk ? [lacking, together.label, desk.button(save)] : [out, lacking,
        el("button", { type: "button", class: "primary", id: "copy", onclick: () => copyNow() }, "复制更正（c）"),
        el("p", { class: "hint" }, "粘贴到 ", el("code", {}, `raw/notices/${data.meta.document_id}/corrections.toml`), " 末尾，补全理由和经办人，再运行 kaohe ingest。在工作台（运行 kaohe desk）核对则直接保存。")]);
  }

  async function copy(out) {
    try {
      await navigator.clipboard.writeText(out.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(out);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (!document.execCommand("copy")) { review.say("请按 Ctrl+C 复制选中的文字"); return; }
    }
    review.say("已复制更正条目");
  }

  function close() {
    root.hidden = true;
    copyNow = null;
    saveNow = null;
  }

  // A finding is there to be decided, so its correction comes before what else is known.
  function parted(selected) {
    const known = selected.serialNo && review.indicators.has(selected.serialNo);
    const facts = [known ? valuePart(selected) : null, cellPart(selected)];
    const closed = desk && selected.finding && selected.finding.state !== "open";
    const settled = desk && desk.settled(selected, !closed);
    const correct = [settled, closed ? null : correctionPart(selected)];
    return selected.finding ? [correct, el("section", { class: "facts" }, facts)] : [facts, correct];
  }

  review.onSelect((selected) => {
    root.hidden = false;
    copyNow = null;
    saveNow = null;
    fill(root,
      el("div", { class: "bar" },
        el("h2", { id: "inspector-title" }, title(selected)),
        el("button", { type: "button", class: "close", "aria-label": "关闭", onclick: close }, "×")),
      el("div", { class: "body" },
        selected.finding ? findingPart(selected.finding) : null,
        el("div", { class: "links" }, el("button", {
          type: "button", class: "to-original", onclick: () => review.tabs.show("original"),
        }, "看原件"), el("button", {
          type: "button", class: "to-landed", onclick: () => review.tabs.show("landed"),
        }, "看数据表")),
        parted(selected)));
    root.querySelector(".body").scrollTop = 0;
  });

  // Does what a key of the desk asks for, where something is selected that can be decided.
  function decide(what) {
    if (!saveNow) {
      review.say(review.state.selected ? "这里已经定了，要改请先撤销" : "请先选择一条事项或一个值");
      return;
    }
    if (what === "save") saveNow.save();
    else if (what === "value") { saveNow.value.focus(); saveNow.value.select(); }
    else if (saveNow.accept.disabled && !saveNow.accept.checked) review.say("这里没有可以认可的事项，请填正确的值");
    else { if (!saveNow.accept.checked) saveNow.accept.click(); saveNow.save(); }
  }

  return { close, decide, copy: () => (copyNow ? copyNow() : review.say("请先选择一条事项或一个值")) };
})();
