"""How the site says numbers, dates, statuses, targets and rules: in Chinese, for officials."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from common.numbers import show
from schemas.vocabulary import word

Row = Mapping[str, Any]

PARAMETERS = {
    "cap": "上限",
    "floor": "下限",
    "tolerance": "允许偏差",
    "one_sided": "只限一侧",
    "base": "持平得",
    "slope": "每相差一个单位加减",
    "bands": "分档",
    "by": "分档依据",
    "step": "每降一名减",
    "satisfactory": "满意值",
    "unacceptable": "不允许值",
    "points_per_event": "每起扣分",
    "out_of": "满分",
}
#: What each rule does, for a reader who has never seen it.
RULES = {
    "proportional": "按完成比例计：实际值 ÷ 目标值；越低越好的，超出目标多少比例就减多少",
    "pass_fail": "达标得满分，不达标得 0 分",
    "approximate": "在目标附近的允许偏差内得满分，超出得 0 分",
    "benchmark": "与全省（全市）平均水平比较，持平得基本比例，每高（低）一个单位加（减）",
    "bands": "按达到的最高一档计",
    "rank": "在同组内按实际值排名，第一名得满分，每降一名递减",
    "efficacy": "功效系数法：不允许值得 60%，满意值得 100%，中间按直线计",
    "deduction": "每发生一起扣若干分，扣完为止",
    "judged": "由考核部门评定完成比例，并写明依据",
    "external": "采用其他专项考核的得分，按满分折算",
    "parts": "各分项分别计算完成率，取平均",
}


def number(value: float | None, most: int = 6) -> str:
    """Return a number with at most ``most`` decimals, no trailing zeros."""
    return show(value, most).replace("-", "−")


def fixed(value: float | None, decimals: int = 2) -> str:
    """Return a number with exactly so many decimals, so that columns of them line up."""
    if value is None:
        return "—"
    text = f"{value:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a share as a percentage."""
    return "—" if value is None else f"{fixed(value * 100, decimals)}%"


def with_value(value: float | None, text: str) -> Markup:
    """Return a shown number that also carries its value in full, for programs and for tests."""
    if value is None:
        return Markup('<span class="none">{}</span>').format(text)
    return Markup('<data value="{}">{}</data>').format(repr(float(value)), text)


def points(value: float | None) -> Markup:
    """Return points for people, two decimals."""
    return with_value(value, fixed(value))


def plain(value: float | None) -> Markup:
    """Return a number for people as short as it is, points possible and figures."""
    return with_value(value, number(value))


def share_points(value: float | None) -> Markup:
    """Return an indicator's share of points for people, three decimals at the most."""
    return with_value(value, number(value, 3))


def share(value: float | None) -> Markup:
    """Return a share for people, in per cent."""
    return with_value(value, percent(value))


def day(value: date | None) -> str:
    """Return a date as officials write it."""
    return "—" if value is None else f"{value.year}年{value.month}月{value.day}日"


def places(card: Row) -> str:
    """Return the places that the intervals allow: 第1名 or 第1–3名."""
    low, high = card["rank_low"], card["rank_high"]
    if low is None or high is None:
        return "—"
    return f"第{low}名" if low == high else f"第{low}–{high}名"


def sign(operator: str | None) -> str:
    """Return the sign of a target's operator with a space after it; nothing where there is none."""
    return f"{word('operator', operator)} " if operator else ""


def target_label(target: Row) -> Markup:
    """Return a target as it is understood: its sign, number and unit."""
    if target["target_value"] is None:
        return Markup("")
    shown = (sign(target["operator"]), plain(target["target_value"]), target["target_unit"] or "")
    return Markup("{}{}{}").format(*shown)


def part_label(part: Row) -> str:
    """Return one part of a target of several."""
    if part["value"] is None:
        return str(part["text"])
    value = f"{sign(part['operator'])}{number(part['value'])}{part['unit'] or ''}"
    return f"{part['subject'] or ''} {value}".strip()


def parameters(rule: Row) -> list[tuple[str, str]]:
    """Return a rule's parameters in words: name and value."""
    return [
        (PARAMETERS.get(name, name), _parameter(name, value))
        for name, value in rule["parameters"].items()
    ]


def origin(rule: Row) -> str:
    """Return where a rule comes from, with what it rests on where the trace says it."""
    basis = f"，依据：{rule['basis']}" if rule.get("basis") else ""
    if rule["origin"] == "default":
        return f"默认规则，第 {rule['version']} 版{basis}"
    return f"本通知的 source.toml（{rule['version']}，{rule['from']} 起{basis}）"


def shorter(text: str, most: int) -> str:
    """Return a text cut to so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _parameter(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "bands":
        return "、".join(f"≥{number(a)} 得 {number(b)}" for a, b in value)
    if name == "by":
        return "实际值" if value == "value" else "完成比例"
    return number(value) if isinstance(value, int | float) else str(value)
