"use strict";
// The landed table: indicators by entities, with filters; walked with the arrow keys.
review.table = (() => {
  const { data, el, fill, words } = review;
  const rows = [];
  const byKey = new Map();
  const filters = { text: "", heading: "", entity: "", flagged: false };
  let table = null;
  let headings = [];
  let counter = null;
  let current = null;

  const flaggedIndicators = new Set(data.findings
    .filter((each) => each.state === "open" && each.severity !== "info" && each.serial_no !== null)
    .map((each) => each.serial_no));

  function valueText(value) {
    if (value.status === "not_assessed") return "—";
    if (value.status === "unreadable") return words.target_status.unreadable;
    return value.target_text || words.missing.text;
  }

  // Only what may take more than four lines is cut off there: each box that cuts is a layer to paint.
  const textOf = (said) => el("span", { class: said.length > 16 ? "text long" : "text" }, said);

  function valueCell(indicator, entity, place) {
    const value = review.target(indicator.serial_no, entity);
    if (!value) return el("td", { class: "nothing", "data-entity": place });
    const classes = ["value", value.status];
    if (value.inherited) classes.push("inherited");
    if (value.needs_review) classes.push("flagged");
    const own = value.status === "assessed" && value.max_points !== indicator.base_points;
    const td = el("td", {
      class: classes.join(" "), tabindex: -1, "data-entity": place,
      title: value.review_reason || null,
      "aria-label": [
        entity, value.status === "assessed" ? value.target_text || "空白" : words.target_status[value.status],
        value.inherited && "与合并单元格同", value.needs_review && `待核对：${value.review_reason}`,
      ].filter(Boolean).join("，"),
    },
    textOf(valueText(value)),
    own && el("span", { class: "own" }, value.max_points === null ? "分值？" : `${value.points} 分`));
    td.pick = () => review.selectValue(indicator.serial_no, entity, "table");
    byKey.set(`${indicator.serial_no}|${entity}`, td);
    return td;
  }

  function fieldCell(indicator, field, classes, ...children) {
    const td = el("td", { class: classes, tabindex: -1 }, ...children);
    td.pick = () => review.selectField(indicator.serial_no, field, "table");
    byKey.set(`${indicator.serial_no}|${field}`, td);
    return td;
  }

  function nameCell(indicator) {
    const upper = [indicator.level3, indicator.level4].filter(Boolean).slice(0, -1).join(" › ");
    return fieldCell(indicator, "indicator", flaggedIndicators.has(indicator.serial_no) ? "name flagged" : "name",
      upper && el("span", { class: "upper" }, upper),
      textOf(indicator.indicator),
      indicator.unit && el("span", { class: "unit" }, `（${indicator.unit}）`));
  }

  function pointsCell(indicator) {
    const shared = indicator.weight_group !== indicator.serial_no;
    const text = shared ? `同 ${indicator.weight_group}` : indicator.points || "？";
    return fieldCell(indicator, "base_points", shared ? "points shared" : "points", text);
  }

  function indicatorRow(indicator) {
    const departments = (indicator.assessing_departments || []).join("、");
    const tr = el("tr", { "data-serial": indicator.serial_no },
      el("th", { scope: "row", class: "serial" }, indicator.serial_no),
      nameCell(indicator), pointsCell(indicator),
      data.entities.map((entity, place) => valueCell(indicator, entity, place)),
      fieldCell(indicator, "assessing_departments", departments ? "departments" : "departments blank",
        textOf(departments || "（未印）")));
    const values = Object.values(data.targets[String(indicator.serial_no)] || {});
    rows.push({
      tr, indicator,
      heading: [indicator.level1 || "", indicator.level2 || ""],
      flagged: values.some((value) => value.needs_review) || flaggedIndicators.has(indicator.serial_no),
      text: [indicator.serial_no, words.path(indicator), indicator.indicator, departments,
        ...values.map((value) => value.target_text || "")].join(" ").toLowerCase(),
    });
    return tr;
  }

  function headingRow(indicator) {
    const text = [indicator.level1 || words.missing.level1, indicator.level2].filter(Boolean).join(" › ");
    return el("tr", { class: "heading" },
      el("th", { scope: "rowgroup", colspan: data.entities.length + 4 }, el("span", {}, text)));
  }

  function body() {
    const tbody = el("tbody", {});
    let before = null;
    for (const indicator of data.indicators) {
      const key = JSON.stringify([indicator.level1, indicator.level2]);
      if (key !== before) {
        const tr = headingRow(indicator);
        headings.push({ tr, rows: [] });
        tbody.append(tr);
        before = key;
      }
      tbody.append(indicatorRow(indicator));
      headings[headings.length - 1].rows.push(rows[rows.length - 1]);
    }
    return tbody;
  }

  function build() {
    table = el("table", { class: "landed", role: "grid", "aria-label": "入库数据：指标与考核对象" },
      el("thead", {}, el("tr", {},
        el("th", { scope: "col", class: "serial" }, "序号"),
        el("th", { scope: "col", class: "name" }, "指标"),
        el("th", { scope: "col", class: "points" }, "分值"),
        data.entities.map((entity, place) => el("th", { scope: "col", "data-entity": place }, entity)),
        el("th", { scope: "col", class: "departments" }, "考核单位"))),
      body());
    table.addEventListener("click", (event) => {
      const td = event.target.closest("td");
      if (td && td.pick) { roveTo(td); td.pick(); }
    });
    table.addEventListener("keydown", onKey);
    const first = table.querySelector("td");
    if (first) roveTo(first);
    return table;
  }

  function roveTo(td) {
    if (current) current.tabIndex = -1;
    current = td;
    td.tabIndex = 0;
  }

  const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  function onKey(event) {
    const td = event.target.closest("td");
    if (!td) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (td.pick) td.pick();
    } else if (event.key in STEPS) {
      event.preventDefault();
      const next = neighbour(td, ...STEPS[event.key]);
      if (next) { roveTo(next); next.focus(); }
    }
  }

  function neighbour(td, down, right) {
    if (right) {
      let next = td;
      do next = right > 0 ? next.nextElementSibling : next.previousElementSibling;
      while (next && (next.hidden || next.tagName !== "TD"));
      return next;
    }
    let tr = td.parentElement;
    do tr = down > 0 ? tr.nextElementSibling : tr.previousElementSibling;
    while (tr && (tr.hidden || tr.classList.contains("heading")));
    return tr ? tr.children[[...td.parentElement.children].indexOf(td)] : null;
  }

  function fits(row) {
    const [level1, level2] = filters.heading ? JSON.parse(filters.heading) : [null, null];
    return (!filters.flagged || row.flagged)
      && (level1 === null || row.heading[0] === level1)
      && (level2 === null || row.heading[1] === level2)
      && filters.text.toLowerCase().split(/\s+/).every((word) => row.text.includes(word));
  }

  function apply() {
    let shown = 0;
    for (const row of rows) {
      row.tr.hidden = !fits(row);
      shown += row.tr.hidden ? 0 : 1;
    }
    headings.forEach((heading) => { heading.tr.hidden = heading.rows.every((row) => row.tr.hidden); });
    table.querySelectorAll("[data-entity]").forEach((each) => {
      each.hidden = filters.entity !== "" && each.dataset.entity !== filters.entity;
    });
    counter.textContent = shown === rows.length ? `共 ${shown} 项` : `显示 ${shown} / ${rows.length} 项`;
  }

  function headingChoices() {
    const choices = [el("option", { value: "" }, "全部层级")];
    const seen = new Set();
    for (const { level1, level2 } of data.indicators) {
      const pairs = [[level1 || "", null], [level1 || "", level2 || ""]];
      for (const pair of level2 ? pairs : pairs.slice(0, 1)) {
        const value = JSON.stringify(pair);
        if (seen.has(value)) continue;
        seen.add(value);
        choices.push(el("option", { value }, pair[1] === null ? pair[0] || words.missing.level1 : `　${pair[1]}`));
      }
    }
    return choices;
  }

  function filterBar() {
    const set = (name, read) => (event) => { filters[name] = read(event.target); apply(); };
    return el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
      el("input", { id: "search", type: "search", placeholder: "查找指标、目标、单位（/）", "aria-label": "查找", oninput: set("text", (input) => input.value.trim()) }),
      el("select", { id: "by-heading", "aria-label": "按层级筛选", onchange: set("heading", (input) => input.value) }, headingChoices()),
      el("select", { id: "by-entity", "aria-label": "按考核对象筛选", onchange: set("entity", (input) => input.value) },
        el("option", { value: "" }, "全部对象"),
        data.entities.map((entity, place) => el("option", { value: place }, entity))),
      el("label", { class: "check" },
        el("input", { id: "only-flagged", type: "checkbox", onchange: set("flagged", (input) => input.checked) }), "只看待核对（f）"),
      counter);
  }

  function legend() {
    const item = (classes, text, means) => el("span", {}, el("i", { class: `sample ${classes}` }, text), means);
    return el("p", { class: "legend" },
      item("flagged", "值", words.finding_state.open), item("inherited", "值", "来自合并单元格"),
      item("not_assessed", "—", words.target_status.not_assessed), item("own", "2 分", "该对象分值不同"));
  }

  function start(container) {
    counter = el("output", { class: "count", "aria-live": "polite" });
    const grid = build();
    fill(container, filterBar(), el("div", { class: "body" }, grid), legend());
    apply();
  }

  function clear() {
    Object.assign(filters, { text: "", heading: "", entity: "", flagged: false });
    for (const id of ["search", "by-heading", "by-entity"]) document.getElementById(id).value = "";
    document.getElementById("only-flagged").checked = false;
    apply();
  }

  function toggleFlagged() {
    const box = document.getElementById("only-flagged");
    box.checked = !box.checked;
    filters.flagged = box.checked;
    apply();
  }

  let lit = [];
  function light(selected) {
    lit.forEach((td) => td.classList.remove("selected", "related"));
    const keys = selected.cell === null || selected.cell === undefined ? []
      : review.cells[selected.cell].values.map((each) => `${each.serialNo}|${each.entity}`);
    lit = keys.map((key) => byKey.get(key)).filter(Boolean);
    lit.forEach((td) => td.classList.add("related"));
    const td = keyOf(selected);
    if (td) { td.classList.add("selected"); lit.push(td); }
    return td;
  }

  const COLUMN = { level: "indicator", max_points: "base_points", supporting_departments: "assessing_departments" };
  function keyOf(selected) {
    if (!selected.serialNo) return null;
    const field = COLUMN[selected.field] || selected.field || "indicator";
    return (selected.entity && byKey.get(`${selected.serialNo}|${selected.entity}`))
      || byKey.get(`${selected.serialNo}|${field}`) || byKey.get(`${selected.serialNo}|indicator`);
  }

  review.onSelect((selected, from) => {
    const td = light(selected);
    if (!td || from === "table") return;
    if (td.hidden || td.parentElement.hidden) clear();
    roveTo(td);
    requestAnimationFrame(() => td.scrollIntoView({ block: "center", inline: "nearest" }));
  });

  return { start, toggleFlagged, clear };
})();
