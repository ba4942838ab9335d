"use strict";
// The data of the page, the one selection, and how elements are made. Texts of the document reach
// the page through textContent only: nothing here or in the other files parses them as markup.
window.review = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const CELL = [
    "table_no", "page", "row", "column", "row_span", "column_span", "text",
    "agreed", "confidence", "x0", "top", "x1", "bottom",
  ];
  const cells = data.cells.map((list, number) => {
    const cell = { number, values: [], fields: [], findings: [] };
    list.forEach((value, place) => { cell[CELL[place]] = value; });
    return cell;
  });
  const indicators = new Map(data.indicators.map((each) => [each.serial_no, each]));

  function target(serialNo, entity) {
    const row = data.targets[String(serialNo)];
    return row && Object.hasOwn(row, entity) ? row[entity] : null;
  }

  for (const indicator of data.indicators) {
    for (const entity of data.entities) {
      const value = target(indicator.serial_no, entity);
      if (value && value.cell !== null) {
        cells[value.cell].values.push({ serialNo: indicator.serial_no, entity });
      }
    }
    for (const [field, number] of Object.entries(indicator.cells)) {
      cells[number].fields.push({ serialNo: indicator.serial_no, field });
    }
  }
  data.findings.forEach((finding) => {
    if (finding.cell !== null) cells[finding.cell].findings.push(finding);
  });

  // An element with attributes, listeners (onclick: function) and children (texts or elements).
  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : String(value));
    }
    append(element, children);
    return element;
  }

  function append(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }

  function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
  }

  // The selection: any of { finding, serialNo, entity, field, cell }, and where it was made.
  const listeners = [];
  const state = { selected: null };
  function onSelect(listener) { listeners.push(listener); }
  function select(selected, from) {
    state.selected = selected;
    listeners.forEach((listener) => listener(selected, from));
  }

  function selectValue(serialNo, entity, from, field) {
    const value = target(serialNo, entity);
    const place = value && value.cell !== null ? value.cell : null;
    select({ serialNo, entity, field: field || "target_text", cell: place }, from);
  }

  function selectField(serialNo, field, from) {
    const places = indicators.get(serialNo).cells;
    const place = places[field] ?? (field === "indicator" ? places.level4 ?? places.level3 : null);
    select({ serialNo, entity: null, field, cell: place ?? null }, from);
  }

  function selectCell(number, from) {
    const cell = cells[number];
    const first = cell.values[0] || cell.fields[0] || {};
    select({
      serialNo: first.serialNo ?? null,
      entity: first.entity ?? null,
      field: first.entity ? "target_text" : first.field ?? null,
      cell: number,
    }, from);
  }

  function selectFinding(finding, from) {
    select({
      finding,
      serialNo: finding.serial_no,
      entity: finding.entity,
      field: finding.field,
      cell: finding.cell,
    }, from);
  }

  function say(text) {
    const said = document.getElementById("said");
    said.textContent = text;
    said.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => said.classList.remove("shown"), 2500);
  }

  return {
    data, cells, indicators, target, el, fill, state, say,
    onSelect, select, selectValue, selectField, selectCell, selectFinding,
  };
})();
