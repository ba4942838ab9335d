"use strict";
// Puts the page together: heading, tabs of the narrow screen, the divider, keys and help.
review.tabs = (() => {
  const { el, fill, words } = review;
  const PANES = { findings: words.finding_state.open, original: "原件", landed: "数据表" };
  const nav = document.getElementById("tabs");

  function show(name) {
    document.body.dataset.pane = name;
    nav.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.pane === name));
    });
    if (narrow() && review.state.selected) review.select(review.state.selected, "tabs");
  }

  function narrow() {
    return matchMedia("(max-width: 900px)").matches;
  }

  function start() {
    fill(nav, Object.entries(PANES).map(([pane, name]) => el("button", {
      type: "button", "data-pane": pane, onclick: () => { if (narrow()) review.inspector.close(); show(pane); },
    }, name)));
    show("findings");
  }

  return { start, show, narrow };
})();

(() => {
  const { data, el, fill } = review;
  const { meta } = data;

  function stat(name, value, classes) {
    return el("span", { class: `stat ${classes || ""}` }, el("b", {}, value), name);
  }

  function heading() {
    const open = data.findings.filter((each) => each.state === "open" && each.severity !== "info");
    const values = Object.values(data.targets).flatMap((row) => Object.values(row));
    const flagged = values.filter((value) => value.needs_review).length;
    const details = [meta.doc_number, meta.issuer, meta.issued_on, meta.source_name,
      meta.landed_at && `${meta.landed_at.slice(0, 16).replace("T", " ")} 入库`];
    fill(document.getElementById("top"),
      el("div", { class: "names" },
        el("h1", {}, meta.title || meta.document_id),
        el("p", {}, [meta.document_id, ...details].filter(Boolean).join("　"))),
      el("div", { class: "stats" },
        stat("指标", data.indicators.length), stat("目标", values.length),
        stat("待核对的值", flagged, flagged ? "warn" : "good"),
        stat("未了事项", open.length, open.length ? "warn" : "good")),
      el("button", { type: "button", id: "open-help", onclick: help }, "快捷键 ?"));
    const remark = document.getElementById("remark");
    remark.hidden = !data.remark;
    remark.textContent = data.remark || "";
  }

  function landed() {
    const views = { table: "入库数据", totals: "分值合计" };
    const tabs = Object.entries(views).map(([view, name]) => el("button", {
      type: "button", role: "tab", id: `tab-${view}`, "aria-controls": `view-${view}`, onclick: () => show(view),
    }, name));
    const panels = Object.keys(views).map((view) => el("div", {
      class: "view", role: "tabpanel", id: `view-${view}`, "aria-labelledby": `tab-${view}`,
    }));
    function show(view) {
      tabs.forEach((tab) => tab.setAttribute("aria-selected", String(tab.id === `tab-${view}`)));
      panels.forEach((panel) => { panel.hidden = panel.id !== `view-${view}`; });
    }
    fill(document.getElementById("landed"),
      el("div", { class: "bar" }, el("h2", { id: "landed-title", class: "unseen" }, "入库数据"),
        el("div", { role: "tablist", "aria-label": "入库数据" }, tabs)), panels);
    review.table.start(panels[0]);
    review.totals.start(panels[1]);
    show("table");
    review.onSelect((selected, from) => { if (from !== "table" && selected.serialNo) show("table"); });
  }

  function divider() {
    const bar = document.getElementById("divider");
    const main = document.querySelector("main");
    let share = 50;
    const set = (value) => {
      share = Math.min(75, Math.max(20, value));
      main.style.setProperty("--left", `${share}fr`);
      main.style.setProperty("--right", `${100 - share}fr`);
      bar.setAttribute("aria-valuenow", Math.round(share));
    };
    const width = () => main.getBoundingClientRect().right - document.getElementById("original").getBoundingClientRect().left;
    bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
    bar.addEventListener("pointermove", (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      set((100 * (event.clientX - document.getElementById("original").getBoundingClientRect().left)) / width());
    });
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
      if (by) { event.preventDefault(); set(share + by); }
    });
    set(46);
  }

  const DECIDE = review.desk ? [
    ["a", "认可原样并保存；还没有理由的，先填理由", () => review.inspector.decide("accept")],
    ["e", "填写正确的值", () => review.inspector.decide("value")],
    ["s", "保存（填写时按回车）", () => review.inspector.decide("save")],
    ["u", "撤销最后一个决定", () => review.desk.undoLast()],
  ] : [["c", "复制更正条目", () => review.inspector.copy()]];
  const KEYS = [
    ["j　↓", "下一条事项", () => review.findings.step(1)],
    ["k　↑", "上一条事项", () => review.findings.step(-1)],
    ...DECIDE,
    ["f", "只看待核对的值", () => review.table.toggleFlagged()],
    ["/", "查找", () => focusSearch()],
    ["+　-", "放大、缩小原件", null],
    ["?", "显示快捷键", () => help()],
    ["Esc", "关闭", null],
    ["方向键", "在数据表中移动，回车查看该值在原件上的位置", null],
  ];

  function focusSearch() {
    if (review.tabs.narrow()) review.tabs.show("landed");
    document.getElementById("tab-table").click();
    document.getElementById("search").focus();
  }

  function help() {
    const dialog = document.getElementById("help");
    fill(dialog,
      el("h2", { id: "help-title" }, "快捷键"),
      el("dl", {}, KEYS.map(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)])),
      el("p", {}, "点击数据表中的值，可看它在原件上的位置；点击原件上的单元格，可看它的入库值。"),
      el("form", { method: "dialog" }, el("button", { class: "primary" }, "知道了")));
    if (!dialog.open) dialog.showModal();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("help").open) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      if (typing) typing.blur();
      else review.inspector.close();
      return;
    }
    if (typing) return;
    if (event.key === "+" || event.key === "=") review.original.setZoom(review.original.zoom * 1.25);
    else if (event.key === "-") review.original.setZoom(review.original.zoom / 1.25);
    else {
      const known = KEYS.find(([key, , run]) => run && key[0] === event.key);
      if (!known) return;
      known[2]();
    }
    event.preventDefault();
  }

  heading();
  review.original.start();
  landed();
  review.findings.start();
  review.tabs.start();
  divider();
  if (review.desk) review.desk.start();
  document.addEventListener("keydown", onKey);
  document.title = `核对：${meta.title || meta.document_id}`;
  document.body.dataset.ready = "true";
})();
