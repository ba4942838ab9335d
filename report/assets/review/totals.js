"use strict";
// What each entity can reach in all, by heading, and what is missing from it.
review.totals = (() => {
  const { data, el, fill, words } = review;
  const { totals, entities } = data;

  function gap(entity) {
    if (totals.usual === null) return null;
    return Number((totals.points[entity] - totals.usual).toFixed(6));
  }

  function gapText(entity) {
    const off = gap(entity);
    if (off === null) return "—";
    if (off === 0) return "✓ 一致";
    return off < 0 ? `▲ 少 ${-off}` : `▲ 多 ${off}`;
  }

  function row(name, content, classes) {
    return el("tr", { class: classes || null }, el("th", { scope: "row" }, name),
      entities.map((entity) => {
        const text = content(entity);
        return el("td", { class: String(text).startsWith("▲") ? "off" : null }, text);
      }));
  }

  function count(name, label) {
    return row(label, (entity) => {
      const found = totals.counts[entity][name] || 0;
      return name === "assessed" || name === "not_assessed" || found === 0 ? found : `▲ ${found}`;
    });
  }

  function remark() {
    if (totals.usual === null) return "各考核对象的分值合计互不相同，无从比较，请核对。";
    const off = entities.filter((entity) => gap(entity) !== 0);
    if (!off.length) return `各考核对象的分值合计均为 ${totals.usual} 分。`;
    return `${entities.length - off.length} 个考核对象的分值合计同为 ${totals.usual} 分；${off
      .map((entity) => `${entity}${totals.points[entity]} 分（${gapText(entity).slice(2)} 分）`).join("、")}，请核对。`;
  }

  function start(container) {
    fill(container,
      el("p", { class: "note" }, remark()),
      el("div", { class: "body" },
        el("table", { class: "totals" },
          el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "分值"), entities.map((entity) => el("th", { scope: "col" }, entity)))),
          el("tbody", {},
            totals.headings.map((heading) => row(heading.name, (entity) => heading.points[entity] ?? 0)),
            row("合计", (entity) => totals.points[entity], "sum"),
            row(`与 ${totals.usual === null ? "常见合计" : totals.usual} 相比`, gapText)),
          el("tbody", {},
            count("assessed", "考核的指标"), count("not_assessed", words.target_status.not_assessed),
            count("no_points", "缺分值"), count("no_target", "缺目标值"),
            count("unreadable", words.target_status.unreadable), count("review", "待核对的值")))),
      el("p", { class: "hint" }, "共用一个分值单元格的指标为一组，每组分值只计一次；该组对某对象全部不考核时不计。"));
  }

  return { start, gap };
})();
