"use strict";
// The document itself: pictures of its pages with the cells drawn on them, or the printed grid.
review.original = (() => {
  const { data, cells, el, fill } = review;
  const root = document.getElementById("original");
  const onPages = data.pages.length > 0;
  const byPage = new Map(data.pages.map((page) => [page.page, []]));
  const drawn = new Map();
  let zoom = 1;

  for (const cell of cells) {
    if (cell.page !== null && byPage.has(cell.page) && cell.x0 !== null && cell.x0 !== undefined) {
      byPage.get(cell.page).push(cell);
    }
  }

  function marks(cell) {
    const values = cell.values.map((each) => review.target(each.serialNo, each.entity));
    const open = cell.findings.filter((each) => each.state === "open" && each.severity !== "info");
    return [
      "cell",
      values.length ? "value" : "",
      values.some((value) => value.needs_review) || open.length ? "flagged" : "",
      values.length && values.every((value) => value.status === "not_assessed") ? "absent" : "",
      cell.agreed === false ? "disputed" : "",
    ].filter(Boolean).join(" ");
  }

  function drawCells(page, layer) {
    for (const cell of byPage.get(page.page)) {
      const button = el("button", {
        type: "button", tabindex: -1, class: marks(cell), "data-cell": cell.number,
        "aria-label": cell.text || "空白单元格",
      });
      button.style.left = `${(100 * cell.x0) / page.width}%`;
      button.style.top = `${(100 * cell.top) / page.height}%`;
      button.style.width = `${(100 * (cell.x1 - cell.x0)) / page.width}%`;
      button.style.height = `${(100 * (cell.bottom - cell.top)) / page.height}%`;
      layer.append(button);
      drawn.set(cell.number, button);
    }
  }

  function sheet(page) {
    const layer = el("div", { class: "cells" });
    const figure = el(
      "figure", { class: "page", id: `page-${page.page}` },
      el("figcaption", {}, `第 ${page.page} 页`),
      el("div", { class: "sheet" },
        el("img", { src: `pages/${page.src}`, loading: "lazy", decoding: "async", alt: `第 ${page.page} 页原件` }),
        layer),
    );
    figure.querySelector(".sheet").style.aspectRatio = `${page.width} / ${page.height}`;
    figure.draw = () => { if (!layer.childElementCount) drawCells(page, layer); };
    return figure;
  }

  function grid(table) {
    const heading = [`第 ${table.table_no} 表`, table.place, table.page && `第 ${table.page} 页`];
    const body = el("tbody", {});
    for (const row of table.rows) {
      body.append(el("tr", {}, row.map((number) => {
        if (number < 0) return el("td", { class: "gap" });
        const cell = cells[number];
        const td = el("td", {
          class: marks(cell), "data-cell": number,
          rowspan: cell.row_span > 1 ? cell.row_span : null,
          colspan: cell.column_span > 1 ? cell.column_span : null,
        }, cell.text);
        drawn.set(number, td);
        return td;
      })));
    }
    return el("section", { class: "printed" },
      el("h3", {}, heading.filter(Boolean).join("　")),
      el("table", { class: "grid" }, body));
  }

  function setZoom(value) {
    zoom = Math.min(4, Math.max(0.5, value));
    root.style.setProperty("--zoom", zoom);
    root.querySelector(".zoom output").textContent = `${Math.round(zoom * 100)}%`;
  }

  // At first an ordinary page is as wide as its print can be read; a click shows it whole.
  function readable(body) {
    const page = data.pages[0];
    const wide = page.width > page.height ? 900 : 660;
    return Math.max(1, Math.min(2.4, wide / Math.max(body.clientWidth, 1)));
  }

  function zoomBar() {
    return el("div", { class: "zoom", role: "group", "aria-label": "缩放" },
      el("button", { type: "button", "aria-label": "缩小", onclick: () => setZoom(zoom / 1.25) }, "−"),
      el("output", {}, "100%"),
      el("button", { type: "button", "aria-label": "放大", onclick: () => setZoom(zoom * 1.25) }, "＋"),
      el("button", { type: "button", onclick: () => setZoom(1) }, "适合宽度"));
  }

  function pageBar() {
    if (data.pages.length < 2) return null;
    const list = el("select", { "aria-label": "转到页", onchange: () => showPage(Number(list.value)) },
      data.pages.map((page) => el("option", { value: page.page }, `第 ${page.page} 页`)));
    return list;
  }

  function pageInView(body) {
    const middle = body.getBoundingClientRect().top + body.clientHeight / 2;
    const figures = [...body.querySelectorAll(".page")];
    const at = figures.findIndex((figure) => figure.getBoundingClientRect().bottom >= middle);
    return data.pages[at < 0 ? figures.length - 1 : at].page;
  }

  function showPage(page) {
    const figure = document.getElementById(`page-${page}`);
    if (figure) figure.scrollIntoView({ block: "start" });
  }

  function show(number) {
    const cell = cells[number];
    const figure = onPages && document.getElementById(`page-${cell.page}`);
    if (figure) figure.draw();
    const box = drawn.get(number);
    if (!box) return false;
    requestAnimationFrame(() => box.scrollIntoView({ block: "center", inline: "center" }));
    return true;
  }

  function related(selected) {
    if (selected.serialNo === null || selected.serialNo === undefined) return [];
    const indicator = review.indicators.get(selected.serialNo);
    return indicator ? Object.values(indicator.cells) : [];
  }

  let lit = [];
  function light(selected) {
    lit.forEach((box) => box.classList.remove("selected", "related"));
    lit = [];
    const mark = (number, name) => {
      const box = drawn.get(number);
      if (!box) return;
      box.classList.add(name);
      lit.push(box);
    };
    related(selected).forEach((number) => mark(number, "related"));
    if (selected.cell !== null && selected.cell !== undefined) mark(selected.cell, "selected");
  }

  function start() {
    const body = el("div", { class: "body", tabindex: 0, "aria-label": "原件内容" },
      onPages ? data.pages.map(sheet) : data.tables.map(grid));
    fill(root,
      el("div", { class: "bar" },
        el("h2", { id: "original-title" }, onPages ? "原件" : "原件表格"),
        onPages ? [pageBar(), zoomBar()] : el("span", { class: "hint" }, "按读取到的单元格还原")),
      body);
    body.addEventListener("click", (event) => {
      const box = event.target.closest("[data-cell]");
      if (box) review.selectCell(Number(box.dataset.cell), "original");
    });
    if (!onPages) return;
    const jump = root.querySelector(".bar select");
    body.addEventListener("scroll", () => { if (jump) jump.value = String(pageInView(body)); }, { passive: true });
    const watcher = new IntersectionObserver((entries) => {
      entries.filter((entry) => entry.isIntersecting).forEach((entry) => entry.target.draw());
    }, { root: body, rootMargin: "800px" });
    body.querySelectorAll(".page").forEach((figure) => watcher.observe(figure));
    setZoom(readable(body));
  }

  review.onSelect((selected, from) => {
    const known = selected.cell !== null && selected.cell !== undefined;
    if (known && from !== "original") show(selected.cell);
    light(selected);
    if (!known && from !== "original" && selected.serialNo) {
      const page = review.indicators.get(selected.serialNo)?.page;
      if (onPages && page) showPage(page);
    }
  });

  return { start, show, setZoom, get zoom() { return zoom; } };
})();
