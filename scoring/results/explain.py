"""The arithmetic of a trace in words, in Chinese: what an official checks with a pencil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]

_SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "=": "＝", "~": "约"}
_MISSING = {
    "not_received": "尚未收到完整的报送数据，暂不计分",
    "invalid": "报送的数据不能使用，暂不计分",
    "unreadable": "目标无法识别或不适用该规则，暂不计分",
}


def in_words(told: Told) -> str:
    """Return how the points come about; of what is not scored, why."""
    if told["status"] == "not_assessed":
        return "本项不考核。"
    share = _share(told["share"])
    span = f"得分区间 {show(told['interval'][0])} 至 {show(told['interval'][1])} 分"
    if told["veto"]:
        return f"{share}；一票否决，得 0 分。"
    if told["status"] != "scored":
        return f"{share}；{_disputes(told)}{_MISSING[told['status']]}，{span}。"
    how = _parts(told) if told["rule"]["name"] == "parts" else _one(told)
    given = f"得分 {show(told['share']['points'])} × {show(told['attainment'])} = "
    certain = told["interval"][0] == told["interval"][1]
    waiting = told.get("rank", {}).get("open", 0)
    why = f"同组尚有 {waiting} 家未定，名次可能后移" if waiting else "目标待核实"
    doubt = "" if certain else f"；{why}，{span}"
    return f"{share}；{how}；{given}{show(told['points'])} 分{doubt}。"


def _disputes(told: Told) -> str:
    """Return what departments returned differently, of the whole and of parts."""
    of_parts = [
        f"（{part['part_no']}）{_dispute(part)}" for part in told.get("parts", []) if _dispute(part)
    ]
    return "".join(f"{each}；" for each in [_dispute(told), *of_parts] if each)


def _dispute(told: Told) -> str:
    if told["status"] != "invalid" or not told["others"]:
        return ""
    shown = "、".join(
        f"{each['department']} {_said(each)}" for each in (told["actual"], *told["others"])
    )
    return f"各部门报送不一致（{shown}）"


def _said(actual: Told) -> str:
    """Return what a department returned, in short."""
    parts = [
        *([show(actual["value"])] if actual["value"] is not None else []),
        *([f"评定 {show(actual['awarded_pct'])}%"] if actual["awarded_pct"] is not None else []),
        *(
            [f"全省 {show(actual['benchmark_value'])}"]
            if actual["benchmark_value"] is not None
            else []
        ),
    ]
    return " ".join(parts) or f"“{actual['text'] or ''}”"


def show(number: float | None) -> str:
    """Return a number for people: at most six decimals, no trailing noughts."""
    if number is None:
        return "—"
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def _share(share: Told) -> str:
    if share["max_points"] is None:
        return "分值不明"
    points, members = show(share["max_points"]), share["members"]
    if len(members) <= 1:
        return f"分值 {points} 分"
    own = next(weight for serial, weight in members if serial == share["serial_no"])
    whole = sum(weight for _, weight in members)
    if all(weight == 1 for _, weight in members):
        how = f"÷ {len(members)} 项"
    else:
        how = f"× {show(own)} ÷ {show(whole)}"
    return f"本组分值 {points} 分 {how} = {show(share['points'])} 分"


def _parts(told: Told) -> str:
    parts = [
        f"（{part['part_no']}）{part['target']['text']}：{_one(part)}" for part in told["parts"]
    ]
    shown = " + ".join(show(part["attainment"]) for part in told["parts"])
    mean = show(told["attainment"])
    return f"{'；'.join(parts)}；各项平均 ({shown}) ÷ {len(parts)} = {mean}"


def _one(told: Told) -> str:
    """Return the arithmetic of one rule."""
    rule = told["rule"]
    how = _RULES[rule["name"]](told, rule["parameters"], told["target"], told["actual"])
    return f"按“{rule['name_zh']}”计：{how}，完成率 {show(told['attainment'])}"


def _actual(target: Told, actual: Told) -> str:
    return f"实际值 {show(actual['value'])}{target['unit'] or ''}"


def _goal(target: Told) -> str:
    return f"{_SIGNS.get(target['operator'], '')}{show(target['value'])}{target['unit'] or ''}"


def _bounds(parameters: Told) -> str:
    return f"（限 {show(parameters['floor'])} 至 {show(parameters['cap'])}）"


def _proportional(_: Told, parameters: Told, target: Told, actual: Told) -> str:
    value, goal = actual["value"], target["value"]
    if goal <= 0:
        held = f"目标值不大于0，按是否达标，{_actual(target, actual)}，目标 {_goal(target)}"
        return f"{held}{_bounds(parameters)}"
    if not target["lower_is_better"]:
        return f"{show(value)} ÷ {show(goal)}{_bounds(parameters)}"
    if value <= goal:
        return f"越低越好，{_actual(target, actual)} 不高于目标 {show(goal)}"
    return f"越低越好，1 − ({show(value)} − {show(goal)}) ÷ {show(goal)}{_bounds(parameters)}"


def _pass_fail(_: Told, __: Told, target: Told, actual: Told) -> str:
    return f"{_actual(target, actual)}，目标 {_goal(target)}"


def _approximate(_: Told, parameters: Told, target: Told, actual: Told) -> str:
    sides = "上浮" if parameters["one_sided"] else "上下"
    allowed = f"允许{sides} {show(parameters['tolerance'])}"
    return f"{_actual(target, actual)}，目标约 {show(target['value'])}，{allowed}"


def _benchmark(_: Told, parameters: Told, target: Told, actual: Told) -> str:
    base, slope = show(parameters["base"]), show(parameters["slope"])
    value, other = show(actual["value"]), show(actual["benchmark_value"])
    sign = "−" if target["lower_is_better"] else "+"
    return f"{base} {sign} {slope} × ({value} − 全省 {other}){_bounds(parameters)}"


def _bands(_: Told, parameters: Told, target: Told, actual: Told) -> str:
    listed = "、".join(f"≥{show(a)} 得 {show(b)}" for a, b in parameters["bands"])
    if parameters["by"] == "value":
        return f"{_actual(target, actual)}，分档：{listed}"
    return f"{show(actual['value'])} ÷ {show(target['value'])}，分档：{listed}"


def _rank(told: Told, parameters: Told, target: Told, actual: Told) -> str:
    rank = told["rank"]
    shown = "、".join(f"{entity} {show(value)}" for entity, value in rank["values"])
    step, floor = show(parameters["step"]), show(parameters["floor"])
    better = "低者在前" if target["lower_is_better"] else "高者在前"
    return f"“{rank['group']}”内{better}（{shown}），每降一名减 {step}，最低 {floor}"


def _efficacy(_: Told, parameters: Told, __: Told, actual: Told) -> str:
    worst, best = show(parameters["unacceptable"]), show(parameters["satisfactory"])
    value = show(actual["value"])
    formula = f"(({value} − {worst}) ÷ ({best} − {worst}) × 40 + 60) ÷ 100"
    return f"{formula}{_bounds(parameters)}"


def _deduction(told: Told, parameters: Told, _: Told, actual: Told) -> str:
    per, points = show(parameters["points_per_event"]), show(told["share"]["points"])
    return f"发生 {show(actual['value'])} 起，每起扣 {per} 分，1 − 扣分 ÷ {points}，扣完为止"


def _judged(_: Told, __: Told, ___: Told, actual: Told) -> str:
    return f"部门评定 {show(actual['awarded_pct'])}%"


def _external(_: Told, parameters: Told, __: Told, actual: Told) -> str:
    return f"专项考核得 {show(actual['value'])} 分，满分 {show(parameters['out_of'])} 分"


_RULES: dict[str, Callable[[Told, Told, Told, Told], str]] = {
    "proportional": _proportional,
    "pass_fail": _pass_fail,
    "approximate": _approximate,
    "benchmark": _benchmark,
    "bands": _bands,
    "rank": _rank,
    "efficacy": _efficacy,
    "deduction": _deduction,
    "judged": _judged,
    "external": _external,
}
