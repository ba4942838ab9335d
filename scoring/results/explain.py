"""The arithmetic of a trace in words, in Chinese: what an official checks with a pencil."""

from __future__ import annotations

from schemas.records.trace import Trace
from schemas.records.traced import TracedPart, TracedReturn, TracedShare
from schemas.vocabulary import Direction, ItemKind, ScoreStatus, word
from scoring.rules.case import Case, shown
from scoring.rules.methods.awarded import classes, parts
from scoring.rules.registry import METHODS, with_base

_MISSING = {
    ScoreStatus.NOT_RECEIVED: "尚未收到完整的报送数据，暂不计分",
    ScoreStatus.INVALID: "报送的数据不能用，暂不计分",
    ScoreStatus.UNREADABLE: "目标无法辨认或不适用该规则，暂不计分",
}


def explain(trace: Trace) -> str:
    """Return how the points come about; of what is not scored, why."""
    if trace.share is None:
        on_top = trace.status == ScoreStatus.METHOD_NOT_APPLIED
        return "本项不计入总分，其计分办法尚未采用，暂不计分。" if on_top else "本项不考核。"
    share = _share(trace.share)
    if trace.whole_year:
        share += "（本项的计分办法无从分期，按全年计）"
    if trace.on_top:
        share = f"{word('item_kind', trace.on_top)}，不计入满分；{share}"
    interval = f"得分区间 {shown(trace.interval[0])} 至 {shown(trace.interval[1])} 分"
    if trace.veto:
        return f"{share}；一票否决，得 0 分。"
    if trace.status not in (ScoreStatus.SCORED, ScoreStatus.METHOD_NOT_APPLIED):
        return f"{share}；{_disputes(trace)}{_MISSING[ScoreStatus(trace.status)]}，{interval}。"
    if trace.periods:
        return (
            f"{share}；{_of_periods(trace)} = {shown(trace.points)} 分{_doubt(trace, interval)}。"
        )
    product = f"得分 {shown(trace.share.points)} × {shown(trace.attainment)} = "
    doubt = _doubt(trace, interval)
    if trace.on_top == ItemKind.MINUS:
        product = f"扣分 {product.removeprefix('得分 ')}"
    return f"{share}；{_arithmetic(trace)}；{product}{shown(trace.points)} 分{doubt}。"


def _of_periods(trace: Trace) -> str:
    """Return what each period gives by its weight."""
    points = shown(trace.share.points if trace.share else None)
    texts, terms = [], []
    for each in trace.periods:
        named = f"{each.name}（权重 {shown(each.weight * 100)}%，截至 {each.as_of}）"
        if each.open or each.trace.attainment is None:
            texts.append(f"{named}尚未计分")
            continue
        how = "一票否决" if each.trace.veto else _arithmetic(each.trace)
        texts.append(f"{named}目标 {shown(each.trace.target.value)}：{how}")
        terms.append(f"{shown(each.weight)} × {shown(each.trace.attainment)}")
    return f"分期计分：{'；'.join(texts)}；得分 {points} ×（{' + '.join(terms)}）"


def _doubt(trace: Trace, interval: str) -> str:
    """Return why the points are not certain, if they are not."""
    if trace.interval[0] == trace.interval[1]:
        return ""
    if trace.status == ScoreStatus.METHOD_NOT_APPLIED and trace.method and trace.rule:
        return f"；{trace.rule.basis}，{interval}"
    waiting = trace.rank.open if trace.rank else 0
    reasons = [f"同组尚有 {waiting} 家未定，名次可能后移"] if waiting else []
    if any(line.target.direction == Direction.UNKNOWN for line in trace.counted()):
        reasons.append("看不出越高越好还是越低越好，暂按越高越好")
    if trace.readings or not reasons:
        reasons.append("目标待核实")
    return f"；{'；'.join(reasons)}，{interval}"


def _disputes(trace: Trace) -> str:
    """Return what departments returned differently, of the whole and of parts."""
    of_parts = [
        f"（{part.part_no}）{dispute}" for part in trace.parts if (dispute := _dispute(part))
    ]
    return "".join(f"{each}；" for each in [_dispute(trace), *of_parts] if each)


def _dispute(line: Trace | TracedPart) -> str:
    if line.status != ScoreStatus.INVALID or line.actual is None or not line.others:
        return ""
    listed = "、".join(
        f"{each.department} {_returned(each)}" for each in (line.actual, *line.others)
    )
    return f"各部门报送不一致（{listed}）"


def _returned(actual: TracedReturn) -> str:
    """Return what a department returned, in short."""
    values = (
        ("", actual.value, ""),
        ("评定 ", actual.awarded_pct, "%"),
        ("全省 ", actual.benchmark_value, ""),
    )
    texts = [f"{before}{shown(value)}{unit}" for before, value, unit in values if value is not None]
    return " ".join(texts) or f"“{actual.text or ''}”"


def _share(share: TracedShare) -> str:
    if share.max_points is None:
        return "分值不明"
    points, weights = shown(share.max_points), dict(share.members)
    if len(weights) <= 1:
        return f"分值 {points} 分"
    if all(weight == 1 for weight in weights.values()):
        how = f"÷ {len(weights)} 项"
    else:
        how = f"× {shown(weights[share.serial_no])} ÷ {shown(sum(weights.values()))}"
    return f"本组分值 {points} 分 {how} = {shown(share.points)} 分"


def _arithmetic(line: Trace | TracedPart) -> str:
    """Return the arithmetic of a scored line's rule, or of all of its parts."""
    if line.rule is None:
        raise ValueError("a line is scored without a rule")
    method = METHODS[line.rule.name]
    if method.arithmetic is None or (isinstance(line, Trace) and line.parts):
        return _of_parts(line)
    if line.actual is None or line.share is None:
        raise ValueError("a line is scored without a return")
    rank = line.rank if isinstance(line, Trace) else None
    base = line.target.base_value if isinstance(line, Trace) else None
    case = Case(line.rule.parameters, line.target, line.actual, line.share.points, rank, base)
    if case.falls_short():
        rate, least = shown(case.ratio()), case.shown("threshold")
        return f"按“{line.rule.name_zh}”计：完成率 {rate} 低于 {least}，不得分"
    how = method.arithmetic.explain(case) + _base(line)
    return f"按“{line.rule.name_zh}”计：{how}，完成率 {shown(line.attainment)}"


def _base(line: Trace | TracedPart) -> str:
    """Return where the value of the year before comes from, if the rule counts with it."""
    rule = line.rule
    if isinstance(line, TracedPart) or rule is None or not with_base(rule.name, rule.parameters):
        return ""
    return f"（上年数：{line.target.base.source_zh}）" if line.target.base else ""


def _of_parts(line: Trace | TracedPart) -> str:
    found = line.parts if isinstance(line, Trace) else ()
    texts = [f"（{part.part_no}）{part.target.text}：{_arithmetic(part)}" for part in found]
    by_class = line.rule is not None and line.rule.name == "classes"
    explained = classes.explain if by_class else parts.explain
    return explained(texts, [part.attainment for part in found], line.attainment)
