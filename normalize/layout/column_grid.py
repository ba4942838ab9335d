"""One column grid for all pages of a table, whatever rules each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.fold import fold
from normalize.layout.table_chains import EDGE_TOLERANCE, Chain, Part, aligned_edges, ruled_alike


@dataclass(frozen=True, slots=True)
class Columns:
    """The chain's one column grid: a path of header texts per column, and a map per part.

    ``spans[p][c]`` is the half-open range of logical columns that column ``c`` of part ``p``
    covers.
    """

    paths: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]


def column_grid(chain: Chain) -> Columns:
    """Find one column grid for all parts, so that a page that lacks a rule shifts nothing.

    Parts whose rules stand in the same places share them; where a part with a header of its own is
    ruled otherwise, its columns are those of the same names.
    """
    if not all(part.table.column_edges for part in chain.parts):
        return _grid_by_names(chain)
    families = _families(chain)
    grids = [_grid_by_edges(family) for family in families]
    if len(grids) == 1:
        return grids[0]
    return _united(grids) or _grid_by_edges(chain)


def _families(chain: Chain) -> list[Chain]:
    """Part a chain where a header begins columns that stand elsewhere than those before."""
    families: list[list[Part]] = []
    for part in chain.parts:
        if families and (part.header is None or ruled_alike(families[-1], part.table)):
            families[-1].append(part)
        else:
            families.append([part])
    return [Chain(parts[0].header or chain.header, tuple(parts)) for parts in families]


def _united(grids: Sequence[Columns]) -> Columns | None:
    """Put grids beside one another by their headers; None where these are not the same."""
    runs = [_runs(grid.paths) for grid in grids]
    if len({len(run) for run in runs}) > 1:
        return None
    widths = [max(length for _, length in same) for same in zip(*runs, strict=True)]
    paths = tuple(
        path for (path, _), width in zip(runs[0], widths, strict=True) for _ in range(width)
    )
    spans: list[tuple[tuple[int, int], ...]] = []
    for grid, run in zip(grids, runs, strict=True):
        place = _widened(run, widths)
        spans.extend(
            tuple((place[low][0], place[high - 1][1]) for low, high in part) for part in grid.spans
        )
    return Columns(paths, tuple(spans))


def _grid_by_edges(chain: Chain) -> Columns:
    reference = chain.parts[0].table.column_edges or ()
    per_part = [aligned_edges(part.table.column_edges or (), reference) for part in chain.parts]
    edges: list[float] = []
    for edge in sorted(edge for part in per_part for edge in part):
        if not edges or edge - edges[-1] > EDGE_TOLERANCE:
            edges.append(edge)
    spans = []
    for part_edges in per_part:
        at = [min(range(len(edges)), key=lambda i: abs(edges[i] - e)) for e in part_edges]
        spans.append(tuple((at[i], at[i + 1]) for i in range(len(at) - 1)))
    return Columns(_paths(chain, spans, len(edges) - 1), tuple(spans))


def _paths(
    chain: Chain, spans: Sequence[Sequence[tuple[int, int]]], count: int
) -> tuple[tuple[str, ...], ...]:
    paths: list[tuple[str, ...]] = [()] * count
    for part, part_spans in zip(chain.parts, spans, strict=True):
        if part.header is None or len(part.header.paths) != len(part_spans):
            continue  # names of the first page's columns, above columns of another number
        for path, (low, high) in zip(part.header.paths, part_spans, strict=True):
            for column in range(low, high):
                paths[column] = paths[column] or path
    return tuple(paths)


def _grid_by_names(chain: Chain) -> Columns:
    runs = [_runs(part.header.paths) if part.header else None for part in chain.parts]
    base = runs[0] or []
    widths = [length for _, length in base]
    for run in runs:
        if run is not None and len(run) == len(base):
            widths = [max(w, length) for w, (_, length) in zip(widths, run, strict=True)]
    spans: list[tuple[tuple[int, int], ...]] = []
    for part, run in zip(chain.parts, runs, strict=True):
        spans.append(_spans_of(part, run, widths, spans, chain))
    paths = tuple(path for (path, _), w in zip(base, widths, strict=True) for _ in range(w))
    return Columns(paths, tuple(spans))


def _runs(paths: Sequence[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    """Neighbouring columns with the same header, and columns with none, as one run."""
    runs: list[tuple[tuple[str, ...], int]] = []
    for path in paths:
        if runs and (not path or fold(path[-1]) == fold((runs[-1][0] or ("",))[-1])):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((path, 1))
    return runs


def _spans_of(
    part: Part,
    run: list[tuple[tuple[str, ...], int]] | None,
    widths: Sequence[int],
    before: Sequence[tuple[tuple[int, int], ...]],
    chain: Chain,
) -> tuple[tuple[int, int], ...]:
    if run is None:
        same = [
            spans
            for spans, other in zip(before, chain.parts, strict=False)
            if other.table.column_count == part.table.column_count
        ]
        if same:
            return same[-1]
        return tuple((i, i + 1) for i in range(part.table.column_count))
    return _widened(run, widths)


def _widened(
    run: Sequence[tuple[tuple[str, ...], int]], widths: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """Return what each column of a run covers where the run is as wide as ``widths`` say."""
    spans: list[tuple[int, int]] = []
    low = 0
    for (_, length), width in zip(run, widths, strict=True):
        spans.extend((low + i, low + i + 1) for i in range(length - 1))
        spans.append((low + length - 1, low + width))
        low += width
    return tuple(spans)
