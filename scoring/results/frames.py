"""The frames of the contract made from what was scored: scores with traces, and scorecards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from common.messages import message
from schemas.tables.frames import arrow_schema, arrow_to_frame
from schemas.tables.registry import SCORECARDS, SCORES, TableSpec
from schemas.vocabulary import word
from scoring.engine import Inputs, Scored, score
from scoring.model.columns import Floats, Ints
from scoring.model.items import STATUSES
from scoring.points.lights import LIGHTS
from scoring.results.in_doubt import open_findings, values_in_doubt
from scoring.results.on_top import in_force, unsure_effects
from scoring.results.scorecards import LEVELS, Cards, total
from scoring.results.standing import APPROVALS, LATENESSES, standing
from scoring.results.trace import traces
from scoring.total.kept import kept
from scoring.total.rules import VetoEffect


def scored_tables(inputs: Inputs, *, traced: bool = True) -> dict[str, pa.Table]:
    """Return scores and scorecards of a block of documents; the same whatever block they are in."""
    scored = score(inputs)
    return {
        SCORES.name: scores_table(scored, traced=traced),
        SCORECARDS.name: scorecards_table(scored, total(scored)),
    }


def scores_frame(scored: Scored) -> pd.DataFrame:
    """Return the scores table, one row a target in the targets' order, each with its trace."""
    return arrow_to_frame(scores_table(scored))


def scores_table(scored: Scored, *, traced: bool = True) -> pa.Table:
    """Return the scores as :func:`scores_frame`, in Arrow; without traces where not asked for."""
    rows, effective = scored.rows, scored.effective
    names = [*(rule.name for rule in effective.book.rules), None]
    return _table(
        SCORES,
        {
            "document_id": _texts(rows.documents.codes, rows.documents.values),
            "as_of": _days(scored.inputs.as_of, len(rows)),
            "indicator_id": pa.array(scored.inputs.targets["indicator_id"], pa.string()),
            "serial_no": rows.serial,
            "entity": _texts(rows.entities.codes, rows.entities.values),
            "weight_group": rows.group,
            "status": _texts(scored.status, STATUSES),
            "share_points": _numbers(scored.shares.points),
            "rule": pa.array(names, pa.string()).take(pa.array(effective.rule % len(names))),
            "attainment": _numbers(scored.attainment),
            "points": _numbers(scored.points),
            "points_low": _numbers(np.where(np.isnan(scored.shares.points), np.nan, scored.low)),
            "points_high": _numbers(np.where(np.isnan(scored.shares.points), np.nan, scored.high)),
            "light": _texts(scored.light, LIGHTS),
            **({"trace": pa.array(traces(scored), pa.string())} if traced else {}),
            **_standing(scored),
        },
    )


def _standing(scored: Scored) -> dict[str, pa.Array]:
    """Return how the values behind each score stand: approved or not, in time or late."""
    found = standing(scored)
    return {
        "approval": _texts(found.approval, APPROVALS),
        "lateness": _texts(found.lateness, LATENESSES),
        "days_late": _counts(np.maximum(found.days, 0)),
    }


def scorecards_frame(scored: Scored, cards: Cards) -> pd.DataFrame:
    """Return the scorecards table, by document, entity and heading in printed order."""
    return arrow_to_frame(scorecards_table(scored, cards))


def scorecards_table(scored: Scored, cards: Cards) -> pa.Table:
    """Return the scorecards as :func:`scorecards_frame`, in Arrow."""
    rows, headings = scored.rows, cards.headings
    document, entity = rows.pairs()
    names = pa.array(headings.names, pa.string())
    parent = np.where(headings.level == 2, headings.parent, -1)[cards.heading]
    return _table(
        SCORECARDS,
        {
            "document_id": _texts(document[cards.pair], rows.documents.values),
            "as_of": _days(scored.inputs.as_of, len(cards.pair)),
            "entity": _texts(entity[cards.pair], rows.entities.values),
            "level": _texts(headings.level[cards.heading], LEVELS),
            "name": names.take(pa.array(cards.heading)),
            "max_points": _numbers(cards.max_points),
            "points": _numbers(cards.points),
            "points_low": _numbers(cards.low),
            "points_high": _numbers(cards.high),
            "points_of_100": _numbers(cards.of_100),
            "received_share": _numbers(cards.received),
            "rank_group": _texts(cards.group, scored.groups.names),
            "rank": _counts(cards.rank),
            "rank_low": _counts(cards.rank_low),
            "rank_high": _counts(cards.rank_high),
            "parent": names.take(pa.array(parent, mask=parent < 0)).fill_null(""),
            "vetoes": cards.vetoes,
            "bonus": _numbers(cards.bonus),
            "minus": _numbers(cards.minus),
            "vetoed": cards.vetoed,
            "barred": cards.barred,
            **_grades(cards),
            "open_findings": open_findings(scored, cards),
            "values_in_doubt": values_in_doubt(scored, cards),
            "total_unread": _unread(scored, cards),
            "total_open": _left_out(scored, cards),
            "total_rules": _rules(scored, cards),
        },
    )


def _grades(cards: Cards) -> dict[str, pa.Array]:
    """Return the grades of the totals; headings below them have none."""
    totals = np.flatnonzero(cards.headings.level[cards.heading] == 0)
    columns: dict[str, list[str | None]] = {}
    for name, of in (("grade", "grade"), ("grade_low", "low"), ("grade_high", "high")):
        column: list[str | None] = [None] * len(cards.heading)
        for place, each in zip(totals.tolist(), cards.grades, strict=True):
            column[place] = getattr(each, of)
        columns[name] = column
    return {name: pa.array(column, pa.string()) for name, column in columns.items()}


def _unread(scored: Scored, cards: Cards) -> pa.Array:
    """Return what nobody understood of the whole beside the totals; of headings below nothing."""
    totals = cards.headings.level[cards.heading] == 0
    if not any(each.unread for each in scored.inputs.totals.values()):
        return pa.array([[] if total else None for total in totals.tolist()], _TEXTS)
    document = scored.rows.pairs()[0][cards.pair]
    rules = [scored.inputs.totals.get(name) for name in scored.rows.documents.values]
    unread = [list(each.unread) if each else [] for each in rules]
    told = zip(totals.tolist(), document.tolist(), strict=True)
    return pa.array([unread[of] if total else None for total, of in told], _TEXTS)


def _left_out(scored: Scored, cards: Cards) -> pa.Array:
    """Return what is printed of each total, not declared, and would change it."""
    names, groups = scored.rows.entities.values, scored.groups
    document, entity = scored.rows.pairs()
    found: list[list[str] | None] = [None] * len(cards.pair)
    rules, unsure = in_force(scored), unsure_effects(scored)
    for card in np.flatnonzero(cards.headings.level[cards.heading] == 0).tolist():
        pair = cards.pair[card]
        own = rules.get(scored.rows.documents.values[document[pair]])
        on_top = float(cards.bonus[card]), float(cards.minus[card])
        group = groups.names[groups.of_pair[pair]]
        told = own.left_out(names[entity[pair]], group, *on_top) if own else ()
        found[card] = [*told, *_of_vetoes(unsure.get(pair, frozenset()))]
    return pa.array(found, _TEXTS)


def _rules(scored: Scored, cards: Cards) -> pa.Array:
    """Return by what rules of the whole each total was made; of headings below nothing."""
    totals = cards.headings.level[cards.heading] == 0
    document = scored.rows.pairs()[0][cards.pair]
    own = in_force(scored)
    texts = tuple(kept(own.get(name)) for name in scored.rows.documents.values)
    return _texts(np.where(totals, document, -1), texts)


def _of_vetoes(effects: Collection[VetoEffect]) -> Iterator[str]:
    """Give what a veto of the entity does as printed, where nobody confirmed it."""
    if effects := frozenset(effects) - {VetoEffect.ROW}:
        words = "、".join(word("whole_veto", each) for each in sorted(effects))
        yield message("scoring.total_open.veto", effects=words).zh


_TEXTS = pa.list_(pa.string())


def _table(table: TableSpec, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return columns in the order of the contract: all of the table's but those not given."""
    whole = arrow_schema(table)
    schema = pa.schema([field for field in whole if field.name in columns], whole.metadata)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _texts(codes: Ints, values: tuple[str, ...]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(codes, mask=codes < 0))


def _numbers(values: Floats) -> pa.Array:
    """Return numbers, empty where they are NaN; no negative zero."""
    return pa.array(values + 0.0, pa.float64(), from_pandas=True)


def _counts(values: Ints) -> pa.Array:
    return pa.array(values, pa.int64(), mask=values == 0)


def _days(day: date, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(day, pa.date32()), rows)
