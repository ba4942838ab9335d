"""How far ranks depend on the weights: the weights are drawn at random, again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.tables.frames import arrow_schema
from schemas.tables.registry import RANK_STABILITY
from scoring.engine import Scored
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.ranks import leveled, places


@dataclass(frozen=True, slots=True)
class Noise:
    """How the weights are drawn: each weight group's points by a factor from 1 - size to 1 + size.

    In one draw a group has the same factor for all entities of its document.
    """

    draws: int = 1000
    size: float = 0.2
    seed: int = 20200101


def rank_stability(scored: Scored, noise: Noise) -> pa.Table:
    """Return the rank_stability table: ranks that never occur in a draw have no row.

    The ranks are those of the totals: points of 100 within the rank group, equal values share
    the better one. Each document is drawn for by itself, from the same seed.
    """
    rows = scored.rows
    document, _ = rows.pairs()
    found = [
        _of_document(scored, np.flatnonzero(document == code), noise)
        for code in range(len(rows.documents.values))
    ]
    pair = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in found)])
    rank = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in found)])
    share = np.concatenate([np.zeros(0), *(each[2] for each in found)])
    return _table(scored, pair, rank, share, noise)


def _of_document(scored: Scored, pairs: Ints, noise: Noise) -> tuple[Ints, Ints, Floats]:
    """Return pair, rank and the share of draws of one document."""
    given, possible = _by_group(scored, pairs)
    drawn = np.random.default_rng(noise.seed).uniform(
        1 - noise.size, 1 + noise.size, (noise.draws, given.shape[0])
    )
    whole = drawn @ np.where(possible.sum(axis=0) == 0, np.nan, possible)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (drawn @ given / whole * 100).ravel()
    (of_100,) = leveled(np.zeros(len(found), np.int64), found)
    groups = np.unique(scored.groups.of_pair[pairs], return_inverse=True)[1]
    width = int(groups.max(initial=0)) + 1
    ranked = np.arange(noise.draws)[:, None] * width + groups[None, :]
    rank = places(ranked.ravel(), of_100).reshape(ranked.shape)
    return _counted(pairs, rank, noise.draws)


def _by_group(scored: Scored, pairs: Ints) -> tuple[Floats, Floats]:
    """Return points given and points possible, one row a weight group and one column a pair."""
    rows = scored.rows
    column = np.full(rows.pair.size, -1, np.int64)
    column[pairs] = np.arange(len(pairs))
    kept = np.flatnonzero((column[rows.pair.numbers] >= 0) & ~np.isnan(scored.shares.points))
    groups, line = np.unique(rows.group[kept], return_inverse=True)
    shape = (len(groups), len(pairs))
    place = line * len(pairs) + column[rows.pair.numbers[kept]]
    sums = [
        np.bincount(place, np.nan_to_num(values[kept]), len(groups) * len(pairs)).reshape(shape)
        for values in (scored.points, scored.shares.points)
    ]
    return sums[0].astype(np.float64), sums[1].astype(np.float64)


def _counted(pairs: Ints, rank: Ints, draws: int) -> tuple[Ints, Ints, Floats]:
    """Count how often each pair holds each rank."""
    most = len(pairs) + 1
    place = np.arange(len(pairs))[None, :] * most + rank
    count: NDArray[np.int64] = np.bincount(place.ravel(), minlength=len(pairs) * most)
    held: Flags = (count > 0) & (np.arange(len(count)) % most > 0)
    at = np.flatnonzero(held)
    return pairs[at // most], at % most, count[at] / draws


def _table(scored: Scored, pair: Ints, rank: Ints, share: Floats, noise: Noise) -> pa.Table:
    rows = scored.rows
    document, entity = rows.pairs()
    groups = scored.groups

    def words(codes: Ints, values: tuple[str, ...]) -> pa.Array:
        return pa.array(values, pa.string()).take(pa.array(codes))

    columns = {
        "document_id": words(document[pair], rows.documents.values),
        "as_of": pa.repeat(pa.scalar(scored.inputs.as_of, pa.date32()), len(pair)),
        "entity": words(entity[pair], rows.entities.values),
        "rank_group": words(groups.of_pair[pair], groups.names),
        "rank": rank,
        "share": share,
        "draws": np.full(len(pair), noise.draws),
        "noise": np.full(len(pair), noise.size),
        "seed": np.full(len(pair), noise.seed),
    }
    schema = arrow_schema(RANK_STABILITY)
    return pa.table([columns[name] for name in schema.names], schema=schema)
