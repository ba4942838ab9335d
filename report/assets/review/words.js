"use strict";
// What the columns' values are called on the page: words of the vocabulary, which come with the data.
review.words = (() => {
  const { words } = review.data;
  const sign = { error: "✖", warning: "▲", info: "ⓘ" };

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

  return { ...words, sign, path, place };
})();
