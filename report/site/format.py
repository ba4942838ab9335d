"""How the site shows numbers, dates, statuses, targets and rules: in Chinese, for officials."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from report.doubts import Card, Score
from report.figures import Doubt, Figure, Kind, percent
from report.marks import NOTHING, rank_text, ranks
from report.rule_words import number
from schemas.records.rows import PartRow, TargetRow
from schemas.records.traced import AppliedRule
from schemas.vocabulary import word


def attained(score: Score | None) -> Figure | str:
    """Return the completion rate of a score, with its doubt; nothing of what is on top."""
    if score is None or score.trace.on_top:
        return NOTHING
    return Figure(score.row["attainment"], score.doubt, Kind.SHARE)


def gap(value: float, doubt: Doubt) -> Figure:
    """Return points that were lost, with the doubt that they rest on."""
    return Figure(value, doubt)


def with_value(value: float | None, text: str) -> Markup:
    """Return a shown number that also carries its value in full, for programs and for tests."""
    if value is None:
        return Markup('<span class="none">{}</span>').format(text)
    return Markup('<data value="{}">{}</data>').format(repr(float(value)), text)


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


def places(card: Card) -> str:
    """Return the places that the intervals allow, in words: 第1名 or 第1–3名."""
    return f"第{rank_text(card.row)}名" if ranks(card.row) else NOTHING


def missed(card: Card) -> Figure:
    """Return how far a sum lies below the full points; nothing where it is of a part only.

    Headings of what comes on top have no full points, so nothing is missed there.
    """
    most, points = card.row["max_points"], card.row["points"]
    if not most or points is None or card.points.partly:
        return Figure(None, card.doubt)
    return Figure(most - points, card.doubt)


def sign(operator: str | None) -> str:
    """Return the sign of a target's operator with a space after it; nothing where there is none."""
    return f"{word('operator', operator)} " if operator else ""


def target_label(target: TargetRow) -> Markup:
    """Return a target as it is understood: its sign, number and unit."""
    if target["target_value"] is None:
        return Markup("")
    shown = (sign(target["operator"]), plain(target["target_value"]), target["target_unit"] or "")
    return Markup("{}{}{}").format(*shown)


def part_label(part: PartRow) -> str:
    """Return one part of a target of several."""
    if part["value"] is None:
        return str(part["text"])
    value = f"{sign(part['operator'])}{number(part['value'])}{part['unit'] or ''}"
    return f"{part['subject'] or ''} {value}".strip()


def origin(rule: AppliedRule) -> str:
    """Return where a rule comes from, with its basis where the trace has one."""
    basis = f"，依据：{rule.basis}" if rule.basis else ""
    if rule.origin == "default":
        return f"默认规则，第 {rule.version} 版{basis}"
    if rule.origin == "printed":
        return f"通知载明的计分办法{basis}"
    return f"本通知的 source.toml（{rule.version}，{rule.since} 起{basis}）"


def shorter(text: str, most: int) -> str:
    """Return a text cut to at most ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
