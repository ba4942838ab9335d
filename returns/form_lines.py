"""A document's indicators and targets become the lines that departments report on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from common.declared import declared, declared_list
from common.files import sha256_of_bytes
from schemas.records.asked import Asked, AskedFields
from schemas.records.forms import Form, FormLine, indicator_name
from schemas.records.rows import PartRow, TargetRow
from schemas.vocabulary import ItemKind, TargetKind, TargetStatus, word

#: What a line of each kind of target must bring; a line of another kind brings an actual value.
_NEEDS = {
    TargetKind.JUDGED: frozenset({"award"}),
    TargetKind.DOCUMENT: frozenset({"award"}),
    TargetKind.BENCHMARK: frozenset({"actual", "benchmark"}),
    TargetKind.PREVIOUS_VALUE: frozenset({"award"}),
    TargetKind.NONE: frozenset({"actual", "award"}),
}
#: Kinds whose parts are ends or aims of one figure: one line, one return.
_ONE_FIGURE = frozenset({TargetKind.RANGE, TargetKind.RANK})
_ACTUAL = frozenset({"actual"})


def document_lines(
    targets: Iterable[TargetRow], asked: AskedFields | None = None
) -> tuple[FormLine, ...]:
    """Return one line an assessed target and part, in the targets' order.

    ``targets`` are rows of that table. ``asked`` gives what each must return by its rule;
    without it the kind of the target decides. Targets that are not assessed
    have no line; one that could not be read has, since its figures are required all the same.
    """
    return tuple(
        line
        for target in targets
        if target["status"] != TargetStatus.NOT_ASSESSED
        for line in _lines(target, asked or {})
    )


def _lines(target: TargetRow, asked: AskedFields) -> list[FormLine]:
    place = target["serial_no"], target["entity"]
    whole = asked.get((*place, 0), Asked())
    if target.get("item_kind") == ItemKind.VETO:
        return [_line(target, 1, None, None, None, replace(whole, needs=frozenset()))]
    if whole.classes:
        return _of_classes(target, whole, asked)
    parts = () if whole.needs or target["target_kind"] in _ONE_FIGURE else target["parts"] or ()
    if not parts:
        unit = target["target_unit"] or target["unit"]
        needs = whole.needs or _NEEDS.get(TargetKind(target["target_kind"]), _ACTUAL)
        return [_line(target, 1, None, unit, target["target_value"], replace(whole, needs=needs))]
    return [
        _line(
            target, number, part["text"], part["unit"], part["value"],
            _of_part(part, asked.get((*place, number), Asked())),
        )
        for number, part in enumerate(parts, start=1)
    ]  # fmt: skip


def _of_part(part: PartRow, asked: Asked) -> Asked:
    usual = _ACTUAL if part["value"] is not None else _NEEDS[TargetKind.JUDGED]
    return replace(asked, needs=asked.needs or usual)


def _of_classes(target: TargetRow, whole: Asked, asked: AskedFields) -> list[FormLine]:
    """Return a line for each class of awards, on which its events are counted."""
    place = target["serial_no"], target["entity"]
    unit = declared(str, "returns", "returns", "units", "of_classes")
    return [
        replace(
            _line(target, number, name, unit, None, asked.get((*place, number), Asked(_ACTUAL))),
            counts_class=True,
            fall=0,
        )
        for number, name in enumerate(whole.classes, start=1)
    ]


def _line(
    target: TargetRow,
    part_no: int,
    part_text: str | None,
    unit: str | None,
    value: float | None,
    asked: Asked,
) -> FormLine:
    return FormLine(
        indicator_id=target["indicator_id"],
        serial_no=target["serial_no"],
        level1=target["level1"],
        level2=target["level2"],
        indicator=indicator_name(target["level3"], target["level4"], target["indicator"]),
        entity=target["entity"],
        target_text=target["target_text"] or _kind_on_top(target),
        target_kind=target["target_kind"],
        part_no=part_no,
        part_text=part_text,
        unit=unit,
        target_value=value,
        departments=tuple(target["assessing_departments"]),
        needs=asked.needs,
        in_doubt=target["needs_review"],
        fall=_fall(target, part_text, value),
        points=asked.points,
        most_award=asked.most_award,
        on_top=_kind_on_top(target) is not None,
    )


def _fall(target: TargetRow, part_text: str | None, value: float | None) -> int:
    """Return the sign that a fall which the target asks for is returned with; 0 for no fall."""
    text = part_text or target["target_text"] or ""
    words = declared_list("returns", "returns", "signs", "falls")
    if not value or not any(word in text for word in words):
        return 0
    if value < 0:
        return -1
    named = part_text is None and target["target_kind"] == TargetKind.GROWTH
    return 1 if named and any(word in target["indicator"] for word in words) else 0


def _kind_on_top(target: TargetRow) -> str | None:
    """Return what stands for the target of an item on top of the whole that prints none."""
    kind = target.get("item_kind") or ItemKind.SCORED
    return None if kind == ItemKind.SCORED else word("item_kind", kind)


def forms(
    lines: Sequence[FormLine],
    document_id: str,
    year: int,
    title: str | None,
    *,
    sample: bool = False,
    unclear: frozenset[int] = frozenset(),
) -> tuple[Form, ...]:
    """Return one form a department that is named in the lines, in the order of their naming.

    ``unclear`` are serial numbers of indicators of which nobody knows which end is good.
    """
    names = dict.fromkeys(name for line in lines for name in line.departments)
    made = []
    for name in names:
        own = tuple(line for line in lines if name in line.departments)
        asked = unclear & {line.serial_no for line in own}
        version = version_of(own)
        made.append(Form(document_id, year, title, name, own, version, sample, asked))
    return tuple(made)


def without_department(lines: Iterable[FormLine]) -> tuple[int, ...]:
    """Return the serial numbers of the indicators that no department assesses."""
    return tuple(dict.fromkeys(line.serial_no for line in lines if not line.departments))


def version_of(lines: Iterable[FormLine]) -> str:
    """Return twelve digits that change whenever anything does that a form's lines ask for."""
    content = [
        [
            *(line.serial_no, line.indicator, line.entity, line.part_no, line.target_text),
            *(line.unit, sorted(line.needs)),
            *((line.part_text,) if line.counts_class else ()),
        ]
        for line in lines
    ]
    text = json.dumps(content, ensure_ascii=False)
    return sha256_of_bytes(text.encode())[:12]
