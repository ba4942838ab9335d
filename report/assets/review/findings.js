"use strict";
// The list of findings, walked through with j and k or the arrow keys.
review.findings = (() => {
  const { data, el, fill, words } = review;
  const root = document.getElementById("findings");
  const RANK = { error: 0, warning: 1, info: 2 };
  const ordered = data.findings
    .map((finding, place) => ({ finding, place }))
    .sort((one, other) => (one.finding.state !== "open") - (other.finding.state !== "open")
      || RANK[one.finding.severity] - RANK[other.finding.severity] || one.place - other.place)
    .map((each) => each.finding);
  const buttons = new Map();
  const seen = new Set();
  const hiddenKinds = new Set();
  let current = null;
  let progress = null;

  function where(finding) {
    return [
      finding.serial_no && `第 ${finding.serial_no} 项`, finding.entity,
      finding.field && words.field[finding.field], finding.page && `第 ${finding.page} 页`,
    ].filter(Boolean).join(" · ");
  }

  function item(finding) {
    const button = el("button", {
      type: "button", class: `finding ${finding.severity} ${finding.state}`, tabindex: -1,
      onclick: () => review.selectFinding(finding, "findings"),
    },
    el("span", { class: "badge" }, `${words.sign[finding.severity]} ${words.severity[finding.severity]}`),
    finding.state !== "open" && el("span", { class: "state" }, words.finding_state[finding.state]),
    el("span", { class: "where" }, where(finding)),
    el("span", { class: "message" }, finding.message_zh));
    buttons.set(finding, button);
    return el("li", {}, button);
  }

  function visible() {
    return ordered.filter((finding) => !buttons.get(finding).parentElement.hidden);
  }

  function step(by) {
    const list = visible();
    if (!list.length) { review.say("没有待核对事项"); return; }
    const place = list.indexOf(current);
    const next = place < 0 ? (by > 0 ? 0 : list.length - 1)
      : Math.min(list.length - 1, Math.max(0, place + by));
    if (place === next) review.say(by > 0 ? "已是最后一条" : "已是第一条");
    review.selectFinding(list[next], "findings");
    buttons.get(list[next]).focus({ preventScroll: true });
  }

  function kinds() {
    return Object.keys(words.severity).map((severity) => {
      const count = ordered.filter((finding) => finding.severity === severity).length;
      return el("label", { class: `check ${severity}` },
        el("input", {
          type: "checkbox", checked: true, disabled: count === 0,
          onchange: (event) => toggle(severity, event.target.checked),
        }), `${words.severity[severity]} ${count}`);
    });
  }

  function toggle(severity, shown) {
    if (shown) hiddenKinds.delete(severity);
    else hiddenKinds.add(severity);
    for (const [finding, button] of buttons) {
      button.parentElement.hidden = hiddenKinds.has(finding.severity);
    }
    rove();
  }

  function rove() {
    const list = visible();
    const at = list.includes(current) ? current : list[0];
    for (const [finding, button] of buttons) button.tabIndex = finding === at ? 0 : -1;
  }

  function tell() {
    progress.textContent = ordered.length ? `看过 ${seen.size} / ${ordered.length}` : "";
  }

  function start() {
    progress = el("output", { class: "hint" });
    const list = el("ol", { class: "body" }, ordered.map(item));
    fill(root,
      el("div", { class: "bar" }, el("h2", { id: "findings-title", tabindex: -1 }, "待核对事项"), progress),
      ordered.length ? el("div", { class: "kinds" }, kinds()) : null,
      ordered.length ? list : el("p", { class: "note" }, "没有需要核对的事项。"));
    list.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) { event.preventDefault(); step(by); }
    });
    rove();
    tell();
  }

  review.onSelect((selected) => {
    if (current) {
      buttons.get(current).classList.remove("selected");
      buttons.get(current).removeAttribute("aria-current");
    }
    if (!selected.finding) { current = selected.finding || current; return; }
    current = selected.finding;
    seen.add(current);
    const button = buttons.get(current);
    button.classList.add("selected", "seen");
    button.setAttribute("aria-current", "true");
    button.scrollIntoView({ block: "nearest" });
    rove();
    tell();
  });

  function focus(finding) {
    buttons.get(finding).focus({ preventScroll: true });
  }

  return { start, step, where, ordered, focus };
})();
