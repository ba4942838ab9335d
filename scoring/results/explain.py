"""The arithmetic of a trace in words, in Chinese: what an official checks with a pencil."""

from __future__ import annotations

from common.messages import message
from schemas.records.forms import FORM_COLUMNS
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule, TracedPart, TracedReturn, TracedShare
from schemas.vocabulary import Direction, ItemKind, ScoreStatus, TargetStatus, word
from scoring.rules.case import Case, shown
from scoring.rules.line import assumes
from scoring.rules.methods.awarded import classes, parts
from scoring.rules.registry import METHODS, needs, with_base

_NOT_YET = word("counting", "not_yet")
_NOT_RECEIVED = word("score_status", ScoreStatus.NOT_RECEIVED)


def explain(trace: Trace) -> str:
    """Return how the points come about; of what is not scored, why."""
    if trace.share is None:
        on_top = trace.status == ScoreStatus.METHOD_NOT_APPLIED
        if on_top:
            return f"本项不计入总分，{word('score_status', trace.status)}，{_NOT_YET}。"
        return f"本项{word('score_status', ScoreStatus.NOT_ASSESSED)}。"
    share = _share(trace.share)
    if trace.whole_year:
        share += "（本项的计分办法无从分期，按全年计）"
    if trace.on_top:
        share = f"{word('item_kind', trace.on_top)}，不计入满分；{share}"
    interval = f"得分区间 {shown(trace.interval[0])} 至 {shown(trace.interval[1])} 分"
    if trace.veto:
        return f"{share}；一票否决，得 0 分。"
    if trace.status not in (ScoreStatus.SCORED, ScoreStatus.METHOD_NOT_APPLIED):
        return f"{share}；{_disputes(trace)}{_missing(trace)}{_NOT_YET}，{interval}。"
    if trace.periods:
        return (
            f"{share}；{_of_periods(trace)} = {shown(trace.points)} 分{_doubt(trace, interval)}。"
        )
    product = f"得分 {shown(trace.share.points)} × {shown(trace.attainment)} = "
    doubt = _doubt(trace, interval)
    if trace.on_top == ItemKind.MINUS:
        product = f"扣分 {product.removeprefix('得分 ')}"
    waiting = f"；另有{_withheld(trace)}" if trace.withheld else ""
    return f"{share}；{_arithmetic(trace)}；{product}{shown(trace.points)} 分{doubt}{waiting}。"


def _missing(trace: Trace) -> str:
    """Return what is missing of a line that is not scored, with a comma behind it."""
    if trace.status == ScoreStatus.INVALID:
        return "" if _disputes(trace) else f"报送的{word('score_status', trace.status)}，"
    if trace.status == ScoreStatus.NOT_RECEIVED:
        return f"{_not_received(trace)}，"
    own = "" if _came(trace) else f"；{_not_received(trace)}"
    if why := _base_missing(trace):
        return f"本项要与上年数比较，而上年数不明：{why}{own}，"
    unread = [part for part in trace.parts if part.status == ScoreStatus.UNREADABLE]
    said = [f"分项（{part.part_no}）{_uncountable(part.rule)}" for part in unread]
    return f"{'，'.join(said or [_uncountable(trace.rule)])}{own if trace.rule else ''}，"


def _lacks(trace: Trace) -> str:
    """Return what a return of the line leaves out that its rule counts with."""
    if trace.actual is None or trace.rule is None:
        return ""
    values = {
        "actual_value": trace.actual.value,
        "awarded_pct": trace.actual.awarded_pct,
        "benchmark_value": trace.actual.benchmark_value,
    }
    wanted = needs(trace.rule.name, trace.rule.parameters)
    return "、".join(
        word("form_heading", FORM_COLUMNS[name])
        for name, value in values.items()
        if name in wanted and value is None
    )


def _came(trace: Trace) -> bool:
    return any(line.actual is not None for line in trace.counted())


def _uncountable(rule: AppliedRule | None) -> str:
    """Return why a line cannot be counted whatever is returned for it."""
    if rule is None:
        return f"{word('target_status', TargetStatus.UNREADABLE)}，没有适用的规则"
    if with_base(rule.name, rule.parameters):
        return "要与上年数比较，而上年数不明"
    return f"目标中没有“{rule.name_zh}”要用的数值"


def _not_received(trace: Trace) -> str:
    """Return what is still to come, or to be approved."""
    waiting = _withheld(trace)
    if not waiting:
        lacks = _lacks(trace)
        return f"{_NOT_RECEIVED}完整的数据{f'（缺{lacks}）' if lacks else ''}"
    there = {each.part_no for each in trace.withheld}
    missing = [
        f"（{part.part_no}）"
        for part in trace.parts
        if part.actual is None and part.part_no not in there
    ]
    return f"{waiting}，分项{'、'.join(missing)}{_NOT_RECEIVED}" if missing else waiting


def _base_missing(trace: Trace) -> str:
    """Return why the value of the year before is not known, of the line or of a period."""
    for line in (trace, *(each.trace for each in trace.periods)):
        if line.target.base_missing:
            return word("base_missing", line.target.base_missing)
    return ""


def _withheld(trace: Trace) -> str:
    """Return what was returned and does not count as nobody approved it; blank where nothing."""
    waiting = [
        *trace.withheld,
        *(each for period in trace.periods for each in period.trace.withheld),
    ]
    if not waiting:
        return ""
    listed = "、".join(
        f"{f'（{each.part_no}）' if each.part_no else ''}{each.department} "
        f"{each.received_on} 报送 {_returned(each)}"
        for each in dict.fromkeys(waiting)
    )
    return f"已报送、{word('missing', 'approval')}，不计入（{listed}）"


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
    reasons = _reasons(trace)
    if trace.readings or not reasons:
        reasons.append("目标待核实")
    return f"；{'；'.join(reasons)}，{interval}"


def _reasons(trace: Trace) -> list[str]:
    """Return what the rule and its target leave open."""
    waiting = trace.rank.open if trace.rank else 0
    reasons = [f"同组尚有 {waiting} 家未定，名次可能后移"] if waiting else []
    if any(line.target.direction == Direction.UNKNOWN for line in trace.counted()):
        reasons.append("看不出越高越好还是越低越好，暂按越高越好")
    if any(assumes(line) for line in trace.counted()):
        reasons.append(message("scoring.assumed.about").zh)
    return reasons


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
    return f"{word('cell', 'disputed')}（{listed}）"


def _returned(actual: TracedReturn) -> str:
    """Return what a department returned, in short."""
    values = (
        ("", actual.value, ""),
        ("评定 ", actual.awarded_pct, "%"),
        ("比较基准值 ", actual.benchmark_value, ""),
    )
    texts = [f"{before}{shown(value)}{unit}" for before, value, unit in values if value is not None]
    texts += ["一票否决"] if actual.veto else []
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
    return f"按“{line.rule.name_zh}”计：{how}，{_rate(line, method.arithmetic.replay(case))}"


def _rate(line: Trace | TracedPart, attained: float | None) -> str:
    """Return the completion rate, and where the printed method ends it."""
    method = line.method if isinstance(line, Trace) else None
    if method is None or method.limit_points is None or attained == line.attainment:
        return f"完成率 {shown(line.attainment)}"
    return f"完成率 {shown(attained)}，通知载明最高得 {shown(method.limit_points)} 分"


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
