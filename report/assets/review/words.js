"use strict";
// What the columns' values are called on the page.
review.words = (() => {
  const severity = { error: "错误", warning: "警告", info: "提示" };
  const sign = { error: "✖", warning: "▲", info: "ⓘ" };
  const state = { open: "待核对", corrected: "已更正", accepted: "已认可" };
  const status = { assessed: "考核", not_assessed: "不考核", unreadable: "无法辨认" };
  const kind = {
    number: "数值", limit: "限值", approximate: "约数", quantity: "数量", growth: "增幅",
    compound: "多项目标", benchmark: "与平均水平比较", document: "按文件考核",
    external: "采用其他考核结果", judged: "按要求评定", zero_tolerance: "零容忍", none: "无目标",
  };
  const operator = { ">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": "＝", "~": "约" };
  const direction = { higher_is_better: "越高越好", lower_is_better: "越低越好" };
  const field = {
    level: "指标层级", level1: "一级指标", level2: "二级指标", level3: "三级指标",
    level4: "四级指标", indicator: "指标名称", unit: "计量单位", points: "分值原文",
    base_points: "分值", max_points: "分值", target_text: "目标值", status: "是否考核",
    assessing_departments: "考核单位", supporting_departments: "配合单位", note: "备注",
    serial_no: "序号",
  };

  function number(value) {
    return value === null || value === undefined ? "" : String(Number(value.toPrecision(12)));
  }

  // A typed target in words: ≥ 4.3 %
  function typed(value) {
    if (value.target_value === null) return "";
    const sign = operator[value.operator] || "";
    return [sign, number(value.target_value), value.target_unit || ""].filter(Boolean).join(" ");
  }

  function path(indicator) {
    const levels = [indicator.level1, indicator.level2, indicator.level3, indicator.level4];
    return levels.filter(Boolean).join(" › ");
  }

  // Where a cell stands: 第 3 页 第 2 表 第 5 行 第 6 列
  function place(cell) {
    return [
      cell.page === null ? "" : `第 ${cell.page} 页`,
      `第 ${cell.table_no} 表`, `第 ${cell.row} 行`, `第 ${cell.column} 列`,
    ].filter(Boolean).join(" ");
  }

  return {
    severity, sign, state, status, kind, operator, direction, field, number, typed, path, place,
  };
})();
