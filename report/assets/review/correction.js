"use strict";
// A ready-made entry for corrections.toml: where, what was read (expect), and the right value.
review.correction = (() => {
  const { words } = review;
  const LISTS = new Set(["assessing_departments", "supporting_departments"]);
  const MAY_BE_EMPTY = new Set([...LISTS, "level1", "level2", "level4", "unit", "note"]);
  const { assessed, not_assessed } = words.target_status;
  const { unknown, ...directions } = words.direction;
  // Columns that hold a code: the codes that they may be corrected to, and what each is called.
  const CODES = { status: { assessed, not_assessed }, direction: directions };
  const WANTED = {
    status: "考核填 assessed，不考核填 not_assessed", max_points: "应为不小于 0 的数字",
    direction: `填${Object.values(directions).join("、")}`,
  };
  const OF_VALUE = ["target_text", "status", "max_points", "base_text"];
  const OF_INDICATOR = [
    "indicator", "unit", "level1", "level2", "level3", "level4", "points",
    "assessing_departments", "supporting_departments", "note", "direction",
  ];

  // A TOML basic string: JSON's escapes are TOML's, but for DEL and lone surrogates.
  function text(value) {
    return JSON.stringify(String(value).toWellFormed ? String(value).toWellFormed() : String(value))
      .replace(/\u007f/g, "\\u007f");
  }

  function literal(value) {
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return Array.isArray(value) ? `[${value.map(text).join(", ")}]` : text(value);
  }

  function printed(number) {
    return number === null || number === undefined ? null : review.cells[number].text;
  }

  function ofTarget(serialNo, entity, column) {
    const value = review.target(serialNo, entity);
    const read = {
      target_text: value.target_text ?? printed(value.cell)?.trim() ?? "",
      status: value.status,
      max_points: value.max_points ?? "",
      base_text: value.base_text ?? "",
    }[column];
    return { where: { serial_no: serialNo, column, entity }, column, expect: read, name: `${words.field[column]}（${entity}）` };
  }

  function ofIndicator(serialNo, column) {
    const indicator = review.indicators.get(serialNo);
    const read = column === "points"
      ? printed(indicator.cells.base_points)?.trim() ?? indicator.points
      : indicator[column] ?? (LISTS.has(column) ? [] : "");
    return { where: { serial_no: serialNo, column }, column, expect: read, name: words.field[column] };
  }

  function ofCell(number) {
    const cell = review.cells[number];
    const page = cell.page === null ? {} : { page: cell.page };
    const where = { ...page, table_no: cell.table_no, row: cell.row, column: cell.column };
    return { where, column: null, expect: cell.text, name: "印刷的单元格" };
  }

  function ofFinding(finding) {
    return { where: { finding: finding.finding_id }, column: null, expect: finding.text || finding.message_zh, name: "这条事项", acceptOnly: true };
  }

  // The columns that a finding's field may mean, the likeliest first.
  function columnOf(selected) {
    const { field, serialNo, entity, finding } = selected;
    if (field === "level") {
      const indicator = review.indicators.get(serialNo);
      const read = finding?.text ?? null;
      return ["level4", "level3", "level2", "level1"].find((level) => read && indicator[level] === read) || "level3";
    }
    if (field === "base_points" || (field === "max_points" && !entity)) return "points";
    return field;
  }

  // All that can be corrected about what is selected, the likeliest first.
  function choices(selected) {
    const { serialNo, entity, cell, finding } = selected;
    const known = serialNo !== null && serialNo !== undefined && review.indicators.has(serialNo);
    const found = [];
    if (known && entity && review.target(serialNo, entity)) {
      found.push(...OF_VALUE.map((column) => ofTarget(serialNo, entity, column)));
    }
    if (known) found.push(...OF_INDICATOR.map((column) => ofIndicator(serialNo, column)));
    if (cell !== null && cell !== undefined) found.push(ofCell(cell));
    if (finding) found.push(ofFinding(finding));
    const first = known ? columnOf(selected) : null;
    const at = found.findIndex((choice) => choice.column !== null && choice.column === first);
    if (at > 0) found.unshift(...found.splice(at, 1));
    return found;
  }

  // What is selected where a finding is.
  function about(finding) {
    return { finding, serialNo: finding.serial_no, entity: finding.entity, field: finding.field, cell: finding.cell };
  }

  // The places that a finding itself is about: its value, and the cell that it is printed in.
  function ofItsOwn(finding) {
    const own = finding.serial_no === null ? [] : [choices(about(finding))[0]];
    return [...own, ...(finding.cell === null || finding.cell === undefined ? [] : [ofCell(finding.cell)])]
      .filter((choice) => choice && !choice.acceptOnly);
  }

  // The open finding that "what was read is right" would close, null where there is none: a
  // direction that nobody knows has to be told.
  function acceptable(selected) {
    const about = (finding) => finding.serial_no === selected.serialNo && finding.serial_no !== null
      && (finding.entity === null || finding.entity === selected.entity)
      && (finding.field === selected.field || finding.cell === selected.cell);
    const all = selected.finding ? [selected.finding] : review.data.findings.filter(about);
    return all.find((finding) => finding.state === "open" && finding.code !== "direction_unknown") ?? null;
  }

  // Whether the column can hold this text; a printed cell can be blank, most values cannot.
  function fits(choice, given) {
    if (CODES[choice.column]) return Object.hasOwn(CODES[choice.column], codeOf(choice.column, given));
    if (choice.column === "max_points") return given.trim() !== "" && Number(given) >= 0;
    return choice.column === null || MAY_BE_EMPTY.has(choice.column) || given.trim() !== "";
  }

  // The code that a column holds for what was written: its name, or the code itself.
  function codeOf(column, given) {
    const named = Object.entries(CODES[column]).find(([, name]) => name === given.trim());
    return named ? named[0] : given.trim();
  }

  // What must still be filled in before the entry can be used.
  function lacking(choice, decision) {
    const same = String(valueOf(choice, decision.value)) === String(choice.expect);
    const wrong = !fits(choice, decision.value);
    return [
      !decision.accept && (wrong ? `正确的值（${WANTED[choice.column] ?? "不能空白"}）`
        : same && "正确的值（现与读到的相同）"),
      !decision.reason.trim() && "理由", !decision.by.trim() && "经办人",
    ].filter(Boolean);
  }

  // The right value as the column holds it: a number for points, a code, a list for departments.
  function valueOf(choice, given) {
    if (LISTS.has(choice.column)) return given.split(/[、,，;；\n]+/).map((name) => name.trim()).filter(Boolean);
    if (CODES[choice.column]) return codeOf(choice.column, given);
    if (choice.column === "max_points" && given.trim() !== "" && Number.isFinite(Number(given))) return Number(given);
    return given;
  }

  // The decision as the desk takes it.
  function entry(choice, decision) {
    const what = decision.accept ? { accept: true } : { value: valueOf(choice, decision.value) };
    return { where: choice.where, expect: choice.expect, ...what, reason: decision.reason, by: decision.by };
  }

  function toml(choice, decision) {
    const lines = ["[[correction]]"];
    const put = (key, value) => lines.push(`${key} = ${literal(value)}`);
    Object.entries(choice.where).forEach(([key, value]) => put(key, value));
    put("expect", choice.expect);
    if (decision.accept) put("accept", true);
    else put("value", valueOf(choice, decision.value));
    put("reason", decision.reason);
    put("by", decision.by);
    lines.push(`on = ${decision.on}`);
    return `${lines.join("\n")}\n`;
  }

  return { choices, toml, entry, acceptable, lacking, fits, ofFinding, about, ofItsOwn, CODES };
})();
