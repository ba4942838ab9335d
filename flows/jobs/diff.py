"""``kaohe diff``: what changed between two landed documents, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from rich.cells import chop_cells

from common.refusal import Refusal, refusal
from common.terminal import shown, text_table
from compare.changes import Change, Comparison
from compare.documents import Item, Side
from compare.match import Matching
from compare.similarity import LEAST_NAME, SURE, THRESHOLD, WEIGHTS
from compare.values import Difference
from schemas.ids import indicator_id
from schemas.vocabulary import word

MOST_ENTITIES = 4
WIDEST = 64
NAME_WIDTH = 40
COLUMNS = ("变化", "原序号", "新序号", "指标", "内容", "相似度")


def compared(warehouse: Path, first: str, second: str) -> Comparison:
    """Compare two landed documents of one and the same snapshot; Refusal where one is not there."""
    from compare.changes import compare
    from warehouse.reading import read_tables

    tables = read_tables(warehouse, ("notices", "indicators", "targets"))
    landed = [str(name) for name in tables["notices"]["document_id"]]
    for name in (first, second):
        if name not in landed:
            raise not_landed(name, landed)
    return compare(first, second, tables["indicators"], tables["targets"])


def document_named(warehouse: Path, name: str) -> str:
    """Return the id of a landed document that is named by it, or by the year it is in force."""
    from warehouse.reading import current_document, read_table

    landed = [str(each) for each in read_table(warehouse, "notices")["document_id"]]
    if name in landed:
        return name
    if len(name) == 4 and name.isdecimal():
        return current_document(warehouse, int(name))
    raise not_landed(name, landed)


def not_landed(document_id: str, landed: Sequence[str]) -> Refusal:
    """Return the refusal of a document that is not in the warehouse, with those that are."""
    if not landed:
        return refusal("flows.no_such_document.nothing", document=document_id)
    names = "、".join(landed)
    return refusal("flows.no_such_document.others", document=document_id, landed=names)


def as_json(comparison: Comparison) -> dict[str, object]:
    """Return the comparison in JSON's types: both documents, the counts, and a row a change."""
    matching = comparison.matching
    return {
        "first": _document(matching.first),
        "second": _document(matching.second),
        "counts": comparison.counts,
        "entities": comparison.entities,
        "renamed_headings": [
            {"first": list(before), "second": list(after)}
            for before, after in comparison.headings.items()
        ],
        "measure": {
            "weights": WEIGHTS,
            "least_name": LEAST_NAME,
            "threshold": THRESHOLD,
            "sure": SURE,
        },
        "rows": [_row(change, matching) for change in comparison.changes],
    }


def _document(side: Side) -> dict[str, object]:
    return {"document_id": side.document_id, "year": side.year, "indicators": len(side.items)}


def _row(change: Change, matching: Matching) -> dict[str, object]:
    pair = change.pair
    return {
        "kinds": list(change.kinds),
        "first": _item(change.before, matching.first),
        "second": _item(change.after, matching.second),
        "likeness": None if pair is None else round(pair.likeness, 4),
        "doubtful": pair is not None and pair.doubtful,
        "rivals": list(pair.rivals) if pair else [],
        "claimed": list(pair.claimed) if pair else [],
        "changes": [
            {
                "column": each.column,
                "entity": each.entity,
                "first": each.first,
                "second": each.second,
            }
            for each in change.values
        ],
    }


def _item(item: Item | None, side: Side) -> dict[str, object] | None:
    if item is None:
        return None
    names = ("serial_no", "level1", "level2", "level3", "level4", "indicator", "unit")
    own = {name: getattr(item.indicator, name) for name in names}
    return {"indicator_id": indicator_id(side.document_id, item.serial_no), **own}


def as_text(comparison: Comparison, *, everything: bool = False) -> str:
    """Return the comparison for a person; indicators that were kept only on request."""
    chosen = [each for each in comparison.changes if everything or each.kinds != ("kept",)]
    return "\n".join([*_head(comparison), *_table(chosen)])


def _head(comparison: Comparison) -> Iterator[str]:
    yield f"{_named(comparison.matching.first)} → {_named(comparison.matching.second)}"
    counts = "　".join(
        f"{word('change', kind)} {count}" for kind, count in comparison.counts.items() if count
    )
    yield f"{counts}（一项指标可有多种变化）"
    yield from _entities_text(comparison.entities)
    for before, after in comparison.headings.items():
        yield f"标题更名：{'／'.join(before)} → {'／'.join(after)}"


def _table(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        rows = [row for each in changes for row in _table_rows(each)]
        yield ""
        yield text_table(COLUMNS, rows, widest=WIDEST)
    if any(each.pair is not None and each.pair.doubtful for each in changes):
        yield "标有“？”的对应关系把握不大，请人工确认。"


def _named(side: Side) -> str:
    year = f"{side.year}年度，" if side.year else ""
    return f"{side.document_id}（{year}{len(side.items)}项指标）"


def _entities_text(entities: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if entities["first_only"]:
        yield f"仅前者有的考核对象：{'、'.join(entities['first_only'])}"
    if entities["second_only"]:
        yield f"仅后者有的考核对象：{'、'.join(entities['second_only'])}"
    if not entities["both"]:
        yield "两份文件没有共同的考核对象，未比较目标；分值按印刷的数值比较。"


def _table_rows(change: Change) -> Iterator[list[object]]:
    """Yield a change's row and, under it, what does not fit into one line."""
    item = change.after or change.before
    described = change.pair is None and item is not None
    matters = _described(item) if described and item else _content(change.values)
    names = chop_cells(item.name if item else "", NAME_WIDTH)
    contents = [line for matter in matters for line in chop_cells(matter, WIDEST)]
    kinds = "、".join(word("change", kind) for kind in change.kinds)
    columns = zip_longest(names, contents, fillvalue="")
    head = [kinds, _serial(change.before), _serial(change.after)]
    yield [*head, *next(columns, ("", "")), _sureness(change)]
    for name, content in columns:
        yield ["", None, None, name, content, ""]


def _serial(item: Item | None) -> int | None:
    return item.serial_no if item else None


def _described(item: Item) -> list[str]:
    """Say where an indicator stands, what it is worth and who assesses it."""
    points = shown(item.indicator.base_points)
    worth = f"分值 {points}" if points else ""
    parts = ("／".join(item.heading), worth, "、".join(item.departments))
    return ["；".join(filter(None, parts))]


def _sureness(change: Change) -> str:
    pair = change.pair
    if pair is None:
        return ""
    others = [f"或为新第{number}项" for number in pair.rivals]
    others += [f"或为原第{number}项" for number in pair.claimed]
    return f"{pair.likeness:.2f}{'？' if pair.doubtful else ''}{'、'.join(others)}"


def _content(values: Sequence[Difference]) -> list[str]:
    """Return what changed in words, one text a matter; of many entities the first few."""
    matters: dict[str, list[str]] = {}
    for each in values:
        of = f"{each.entity} " if each.entity else ""
        matter = word("field", each.column)
        matters.setdefault(matter, []).append(f"{of}{'→'.join(_sides(each))}")
    return [
        f"{matter} {'，'.join(texts[:MOST_ENTITIES])}"
        + (f" 等{len(texts)}处" if len(texts) > MOST_ENTITIES else "")
        for matter, texts in matters.items()
    ]


def _sides(difference: Difference) -> tuple[str, str]:
    """Return both values; of two names in parts only the parts from where they differ."""
    first, second = _side(difference.first), _side(difference.second)
    if difference.column != "indicator":
        return first, second
    mine, other = first.split(" "), second.split(" ")
    while len(mine) > 1 and len(other) > 1 and mine[0] == other[0]:
        mine, other = mine[1:], other[1:]
    return " ".join(mine), " ".join(other)


def _side(value: object) -> str:
    return shown(value) or "无"
