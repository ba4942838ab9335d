"""Measures what other readers of PDF tables give of the drawn clean documents, beside ours.

    .venv/bin/python -m bench.peers [--documents 60] [--write]

Their tables are filled naively, as most programs do: a covered place among the targets has the text
to its left, any other that above. A value is a target: the text in the row of its indicator's name
and the column of its entity. ``--write`` puts the table into docs/trust.md.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import camelot
import pdfplumber

from bench.marked import write_part
from common.fold import fold
from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from tests.support.workshop.damage_cases import Drawn, drawing
from tests.support.workshop.draw import draw
from tests.support.workshop.logical import expected_targets

PAGE = Path(__file__).resolve().parent.parent / "docs" / "trust.md"
_DASHES = frozenset({"---", "--", "-", "—", "——", "/", "\\", "不考核", ""})

_Place = tuple[int, str]  # a leaf's serial number and an entity
_Values = dict[_Place, tuple[str, bool]]  # the text of a target, and whether it is flagged
_Row = list[str | None]  # None: covered by a merged cell


def naive(tables: Sequence[Sequence[_Row]], one: Drawn) -> _Values:
    """Look every target up: the row of its name, the column under its entity."""
    entities = {fold(entity): entity for entity in one.notice.entities}
    columns: dict[int, str] = {}
    rows: list[list[str]] = []
    for row in (row for table in tables for row in table):
        named = {at: entities[fold(t)] for at, t in enumerate(row) if t and fold(t) in entities}
        columns = columns or (named if len(named) > 1 else {})
        rows.append(_filled(row, rows[-1] if rows else [], columns))
    found: _Values = {}
    for serial, _, leaf in one.notice.leaves():
        held = next((row for row in rows if _names(row, fold(leaf.leaf))), [])
        for at, entity in columns.items():
            if at < len(held):
                found[serial, entity] = (held[at], False)
    return found


def _filled(row: _Row, above: Sequence[str], targets: Collection[int]) -> list[str]:
    texts: list[str] = []
    for at, text in enumerate(row):
        if text is not None:
            texts.append(fold(text))
        elif at in targets and at - 1 in targets:
            texts.append(texts[-1])
        else:
            texts.append(above[at] if at < len(above) else "")
    return texts


def _names(row: Sequence[str], leaf: str) -> bool:
    return any(text == leaf or text.startswith((f"{leaf}(", f"{leaf}〔")) for text in row)


def by_pdfplumber(path: Path, one: Drawn) -> _Values:
    """Read with pdfplumber's default settings; covered places are None."""
    with pdfplumber.open(path) as pdf:
        tables = [table for page in pdf.pages for table in page.extract_tables()]
    return naive(tables, one)


def by_camelot(path: Path, one: Drawn) -> _Values:
    """Read with camelot's lattice, which copies the texts of merged cells to all their places."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = camelot.read_pdf(str(path), pages="all", copy_text=["h", "v"])
    return naive([table.df.values.tolist() for table in tables], one)


def by_kaohe(path: Path, one: Drawn) -> _Values:
    """Read and understand with this program."""
    document = read_document(path, cross_check=False)
    notice = normalize(document, SourceMeta(document_id="drawn", year=one.notice.year))
    return {
        (each.serial_no, each.entity): (fold(each.target_text or ""), each.needs_review)
        for each in notice.targets
    }


_READERS: dict[str, Callable[[Path, Drawn], _Values]] = {
    "kaohe": by_kaohe,
    "pdfplumber, filled naively": by_pdfplumber,
    "camelot lattice, filled naively": by_camelot,
}


def measured(documents: int) -> Iterator[tuple[str, Counter[str]]]:
    """Yield each reader's counts over the same documents."""
    drawn = [drawing("pdf", number) for number in range(documents)]
    for name, reader in _READERS.items():
        counts: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            for one in drawn:
                path = draw(one.notice, one.grid, Path(folder), one.style)
                counts += _judged(one, reader(path, one))
        yield name, counts


def _judged(one: Drawn, found: _Values) -> Counter[str]:
    counts: Counter[str] = Counter()
    for target in expected_targets(one.notice):
        text, flagged = found.get((target["serial_no"], target["entity"]), (None, False))
        want = fold(target["target_text"] or "")
        right = text is not None and (text == want or (not want and text in _DASHES))
        counts["all"] += 1
        kind = "exact" if right else "lost" if text is None else "flagged" if flagged else "silent"
        counts[kind] += 1
    counts["documents"] += counts["exact"] == counts["all"]
    return counts


def main() -> None:
    """Measure, print, and write the table if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="put the table into docs/trust.md")
    chosen = parser.parse_args()
    lines = [
        "| reader | documents with every target exact | targets | exact | lost "
        "| wrong and flagged | wrong and silent |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, n in measured(chosen.documents):
        share = f"{100 * n['exact'] / n['all']:.1f} %"
        exact = f"{n['documents']} of {chosen.documents}"
        lines.append(
            f"| {name} | {exact} | {n['all']} | {share} | {n['lost']} | {n['flagged']} "
            f"| {n['silent']} |"
        )
    print("\n".join(lines))
    if chosen.write:
        write_part(PAGE, "peers", "\n".join(lines), timed=False)


if __name__ == "__main__":
    main()
