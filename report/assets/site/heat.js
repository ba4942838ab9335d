"use strict";
// Filters the heat map and moves through it with the keys. All is read from the table itself.
(() => {
  const table = document.getElementById("heat");
  const form = document.getElementById("filters");
  const detail = document.getElementById("detail");
  const byId = (name) => document.getElementById(name);
  const heads = [...table.tHead.rows[0].cells];
  const lines = [...table.tBodies].flatMap((body) =>
    [...body.rows].filter((row) => !row.classList.contains("band")).map((row) => ({
      row, body, name: row.cells[0].textContent.toLowerCase(), cells: [...row.cells].slice(1),
      departments: (row.dataset.d || "").trim().split(" "),
    })));
  let current = null;

  const heading = () => {
    const option = byId("by-heading").selectedOptions[0];
    if (!option || !option.dataset.level) return () => true;
    return option.dataset.level === "1"
      ? (body) => body.dataset.level1 === option.value
      : (body) => body.dataset.band === option.value;
  };

  function filter() {
    const fits = heading();
    const name = byId("by-name").value.trim().toLowerCase();
    const department = byId("by-department").value;
    const entity = Number(byId("by-entity").value);
    const light = byId("by-light").value;
    let shown = 0;
    heads.forEach((cell, place) => { if (place) cell.hidden = entity > 0 && place !== entity; });
    table.classList.toggle("only", light !== "");
    for (const line of lines) {
      let lit = 0;
      line.cells.forEach((cell, place) => {
        cell.hidden = entity > 0 && place + 1 !== entity;
        const has = light === "" || cell.classList.contains(light);
        cell.classList.toggle("dim", !has);
        if (has && !cell.hidden) lit += 1;
      });
      line.row.hidden = !(fits(line.body) && line.name.includes(name) && lit > 0
        && (department === "" || line.departments.includes(department)));
      if (!line.row.hidden) shown += 1;
    }
    for (const body of table.tBodies) body.hidden = [...body.rows].slice(1).every((row) => row.hidden);
    byId("shown").textContent = shown === lines.length ? `${shown} 项` : `${shown} / ${lines.length} 项`;
    if (!current || !current.offsetParent) choose(visible()[0]?.[0]);
  }

  const visible = () => lines.filter((line) => !line.row.hidden)
    .map((line) => line.cells.filter((cell) => !cell.hidden).map((cell) => cell.firstElementChild));

  function choose(link) {
    if (current) current.tabIndex = -1;
    current = link || null;
    if (current) current.tabIndex = 0;
  }

  function tell(link) {
    const cell = link.parentElement;
    const entity = heads[cell.cellIndex].textContent;
    const name = cell.parentElement.cells[0].textContent;
    const state = link.querySelector("i").textContent;
    const points = link.dataset.p ? `　得分 ${link.dataset.p.replace("/", " / ")}` : "";
    const figure = link.lastChild.nodeType === Node.TEXT_NODE ? link.lastChild.data : "";
    const done = figure && (cell.classList.contains("t") ? `　${figure} 分` : `　完成率 ${figure}%`);
    detail.textContent = `${entity} · ${name}　${state}${done}${points}`;
    detail.hidden = false;
  }

  function move(event) {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1e6], End: [0, 1e6], PageUp: [-10, 0], PageDown: [10, 0] };
    const step = steps[event.key];
    if (!step || event.target !== current || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const grid = visible();
    const at = grid.findIndex((row) => row.includes(current));
    const row = grid[Math.max(0, Math.min(grid.length - 1, at + step[0]))];
    const column = grid[at].indexOf(current) + step[1];
    choose(row[Math.max(0, Math.min(row.length - 1, column))]);
    current.focus({ preventScroll: true });
    current.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  for (const line of lines) for (const cell of line.cells) cell.firstElementChild.tabIndex = -1;
  // A link such as heat.html?entity=2&light=r opens the map filtered.
  const asked = new URLSearchParams(location.search);
  for (const name of ["department", "entity", "light"]) {
    const field = byId(`by-${name}`), value = asked.get(name);
    if (value && [...field.options].some((option) => option.value === value)) field.value = value;
  }
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    if (location.search) history.replaceState(null, "", location.pathname);
    setTimeout(filter);
  });
  table.addEventListener("keydown", move);
  const linkOf = (event) => event.target.closest("td a");
  table.addEventListener("focusin", (event) => { const link = linkOf(event); if (link) { choose(link); tell(link); } });
  table.addEventListener("mouseover", (event) => { const link = linkOf(event); if (link) tell(link); });
  table.addEventListener("mouseleave", () => { detail.hidden = true; });
  table.addEventListener("focusout", () => { detail.hidden = true; });
  filter();
})();
