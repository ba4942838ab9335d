"""``kaohe score --rules``: what each indicator is counted by, before any return is in.

And how many indicators count by which rules, as the head of ``kaohe score`` says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.messages import Message, message
from common.terminal import plain, shown, text_table
from flows.jobs.score.inputs import Case, ScoreOrder, read_case
from schemas.records.forms import FORM_COLUMNS
from schemas.vocabulary import word

if TYPE_CHECKING:
    from scoring.points.listing import ListedRule
    from scoring.scored import Scored
    from scoring.total.printed import PrintedTotal

#: What one line of the listing is about; entities that share all of it stand in one line.
_LINE = (
    *("serial_no", "part_no", "indicator", "rule", "rule_zh", "parameters", "direction"),
    *("actual_value", "awarded_pct", "benchmark_value", "origin", "version"),
    *("method_text", "method_status", "method_reason", "proposed_rule", "proposed_parameters"),
    "note_zh",
)
_HEADINGS = (
    *("序号", "分项", "指标", "载明的办法", "状态", "规则", "参数", "方向", "目标", "需报送"),
    *("来源", "注意"),
)

#: Of an indicator that several count for, the first is named.
_ORIGINS = ("notice", "printed", "default")


@dataclass(frozen=True, slots=True)
class RulesListed:
    """The effective rules of one document: a row an indicator, entity and part."""

    document_id: str
    year: int
    as_of: str
    version: str | None
    basis: str | None
    rows: tuple[ListedRule, ...]
    printed_total: PrintedTotal | None = None

    def as_json(self) -> dict[str, object]:
        """Return the list in JSON's types."""
        found: dict[str, object] = plain(self)
        return found

    def as_text(self) -> str:
        """Return the list for a person, entities with the same rule in one line."""
        own = f"通知自定规则 {self.version}（{self.basis}）" if self.version else _whose(self.rows)
        lines = [_line(group) for group in _grouped(self.rows)]
        return "\n".join(
            [
                f"{self.document_id}  计分规则　截至 as of {self.as_of}　{own}",
                text_table(_HEADINGS, lines, widest=64),
                *(_proposal(self.printed_total) if self.printed_total else ()),
            ]
        )


def _whose(rows: Iterable[ListedRule]) -> str:
    """Return whether the notice's printed methods count, where an officer declared nothing."""
    printed = {row.serial_no for row in rows if row.origin == "printed"}
    if not printed:
        return "全部为通用规则"
    return f"{len(printed)} 项指标按通知载明的办法，其余为通用规则"


def list_rules(order: ScoreOrder) -> RulesListed:
    """List the effective rules of a year's document; nothing is scored or landed."""
    return rules_of_case(read_case(order))


def rules_of_case(case: Case) -> RulesListed:
    """List the effective rules of a document that is ready to be scored."""
    from scoring.points.listing import effective_rules

    inputs = case.inputs
    listed = effective_rules(
        inputs.targets, inputs.indicators, inputs.as_of, inputs.rules, inputs.methods
    )
    own = inputs.rules.get(case.document_id)
    in_force = own if own and own.since <= inputs.as_of else None
    return RulesListed(
        case.document_id,
        case.year,
        inputs.as_of.isoformat(),
        in_force.version if in_force else None,
        in_force.basis if in_force else None,
        tuple(listed),
        case.printed_total,
    )


def _proposal(printed: PrintedTotal) -> list[str]:
    """Return what the notes say of the whole, and what could be declared of it."""
    texts = [f"  “{shown(text)}”" for text in printed.texts]
    unread = [message("flows.total_unread", clause=clause).zh for clause in printed.unread]
    lines = ["", message("flows.total_printed.rules").zh, *texts, *unread]
    if printed.proposes:
        lines += [message("flows.total_printed.proposal").zh, printed.as_toml()]
    return lines


def _grouped(rows: Iterable[ListedRule]) -> list[list[ListedRule]]:
    groups: dict[str, list[ListedRule]] = {}
    for row in rows:
        key = json.dumps([getattr(row, name) for name in _LINE], ensure_ascii=False)
        groups.setdefault(key, []).append(row)
    return sorted(groups.values(), key=lambda group: (group[0].serial_no, group[0].part_no or 0))


def _line(group: list[ListedRule]) -> list[object]:
    row = group[0]
    targets = list(dict.fromkeys(each.target_text or "" for each in group))
    needs = (role for name, role in FORM_COLUMNS.items() if getattr(row, name))
    return [
        row.serial_no,
        row.part_no,
        row.indicator,
        row.method_text or "",
        word("method_status", row.method_status) if row.method_status else "",
        *_counted(row),
        word("direction", row.direction),
        "／".join(targets),
        "、".join(word("form_heading", role) for role in needs),
        word("rule_origin", row.origin) if row.origin else "",
        "；".join(filter(None, (row.note_zh, row.method_reason))),
    ]


def _counted(row: ListedRule) -> tuple[str, str]:
    """Return the rule with its parameters: of what waits for confirmation those proposed."""
    now = row.rule_zh or "（无）"
    if not row.proposed_rule:
        return now, parameters_zh(row.rule, row.parameters)
    shown_rule = message("flows.proposed_rule", proposed=word("rule", row.proposed_rule), now=now)
    return shown_rule.zh, parameters_zh(row.proposed_rule, row.proposed_parameters)


def parameters_zh(rule: str | None, parameters: Mapping[str, object]) -> str:
    """Return a rule's parameters in words."""
    from report.rule_words import parameter_words

    if rule is None:
        return ""
    return "，".join(f"{name} {value}" for name, value in parameter_words(parameters))


def rules_text(case: Case, scored: Scored) -> str:
    """Say how many indicators count by which rules, and that declared ones do not count yet."""
    own = case.inputs.rules.get(case.document_id)
    counted = "、".join(_said(name, count).zh for name, count in _counts(scored).items() if count)
    counted = counted or message("flows.counted_by.default", count=0).zh
    if own is None and case.undeclared:
        return message("flows.rules_in_use.no_sidecar", counted=counted, place=case.undeclared).zh
    if own is None:
        return message("flows.rules_in_use.general", counted=counted).zh
    named = {"counted": counted, "version": own.version, "since": own.since}
    if own.since > case.inputs.as_of:
        return message("flows.rules_in_use.later", **named).zh
    return message("flows.rules_in_use.own", basis=own.basis, **named).zh


def _said(origin: str, count: int) -> Message:
    if origin == "notice":
        return message("flows.counted_by.notice", count=count)
    if origin == "printed":
        return message("flows.counted_by.printed", count=count)
    return message("flows.counted_by.default", count=count)


def _counts(scored: Scored) -> dict[str, int]:
    """Return how many indicators count by rules of each origin. Vetoes and unscored ones do not."""
    import numpy as np

    from schemas.vocabulary import ItemKind
    from scoring.model.inputs import ITEM_KINDS

    rows, parts = scored.rows, scored.parts
    row = np.concatenate([np.arange(len(rows)), parts.row])
    rule = np.concatenate([scored.effective.rule, parts.items.rule])
    without = [ITEM_KINDS.index(each) for each in (ItemKind.VETO, ItemKind.UNSCORED)]
    kept = (rule >= 0) & ~np.isin(rows.item_kind[row], without)
    pairs = zip(rows.serial[row[kept]].tolist(), rule[kept].tolist(), strict=True)
    origins: dict[int, set[str]] = {}
    for serial_no, number in set(pairs):
        origins.setdefault(serial_no, set()).add(scored.effective.book.rules[number].origin)
    first = [next(name for name in _ORIGINS if name in own) for own in origins.values()]
    return {name: first.count(name) for name in _ORIGINS}
