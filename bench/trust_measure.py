"""Reads damaged and undamaged documents and counts what is wrong, what is said, what is silent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from common.refusal import Refusal
from extract.pdf.cross_check import compare
from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.document import Document
from schemas.records.notice import Notice as Reading
from schemas.records.source import SourceMeta
from tests.support.workshop.damage_cases import Case, Drawn, cases, drawings
from tests.support.workshop.damage_judge import Verdict, judge
from tests.support.workshop.damage_second import misread, second_reading
from tests.support.workshop.draw import draw

CHUNK = 50
WORKERS = 2
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one document; ``evidence`` and ``reason`` as of its damage, if any."""

    what: str
    kind: str
    layout: str
    evidence: str
    reason: str
    damage: str
    refused: bool = False
    values: int = 0
    targets: int = 0
    wrong: int = 0
    flagged: int = 0
    told: int = 0
    noted: int = 0
    silent: int = 0
    right: int = 0
    needless: int = 0
    examples: tuple[str, ...] = ()


def measured(damaged: bool, first: int, count: int) -> list[Result]:
    """Measure ``count`` documents, numbers ``first`` and on, in two processes."""
    starts = range(first, first + count, CHUNK)
    sizes = [min(CHUNK, first + count - start) for start in starts]
    context = get_context("spawn")
    with ProcessPoolExecutor(WORKERS, context, initializer=os.nice, initargs=(10,)) as pool:
        parts = pool.map(_chunk, [damaged] * len(sizes), starts, sizes)
        return [result for part in parts for result in part]


def _chunk(damaged: bool, first: int, count: int) -> list[Result]:
    drawn = drawings(first, count)
    with tempfile.TemporaryDirectory() as folder:
        return list((damaged_results if damaged else clean_results)(drawn, Path(folder), first))


def damaged_results(drawn: list[Drawn], folder: Path, first: int = 0) -> Iterator[Result]:
    """Damage, draw, read and judge each drawing."""
    for case in cases(drawn, folder, first):
        yield _result_of(case)


def clean_results(drawn: list[Drawn], folder: Path, first: int = 0) -> Iterator[Result]:
    """Draw, read and judge each drawing as it is."""
    for one in drawn:
        path = draw(one.notice, one.grid, folder, one.style)
        reading = _normalized(read_document(path, cross_check=False), one)
        yield _counted(("", one.kind, one.layout.name, "", "", ""), judge_of(one, reading), reading)


def judge_of(one: Drawn, reading: Reading) -> Verdict:
    """Judge a reading of a drawing."""
    return judge(one.notice, one.layout, reading)


def _result_of(case: Case) -> Result:
    one, evidence = case.drawn, case.evidence
    damage = f"{_short(case.before)} → {_short(case.after)}"
    head = (case.what, one.kind, one.layout.name, evidence.name, evidence.reason, damage)
    try:
        document = read_document(case.path, cross_check=False)
        if case.misread is not None:
            second = second_reading(document)
            document = compare(misread(document, case.misread), second, "second")
        reading = _normalized(document, one)
    except Refusal:
        return Result(*head, refused=True)
    verdict = judge_of(one, reading)
    if case.rows is not None and any(d.serial_no not in case.rows for d in verdict.silent):
        head = (*head[:3], "elsewhere", "the damage does not reach this row", damage)
    elif evidence.name == "blank" and _at_page_top(verdict, reading):
        head = (*head[:3], "", "at the top of a page a blank goes on with the cell above", damage)
    return _counted(head, verdict, reading)


def _at_page_top(verdict: Verdict, reading: Reading) -> bool:
    """Tell whether what is silent begins with the first row of a page, sheet or part."""
    first = min((one.serial_no or 0 for one in verdict.silent), default=0)
    pages = {one.serial_no: one.cell and one.cell.table_no for one in reading.indicators}
    return first > 1 and pages.get(first) != pages.get(first - 1)


def _normalized(document: Document, one: Drawn) -> Reading:
    return normalize(document, SourceMeta(document_id="drawn", year=one.notice.year))


def _counted(head: tuple[str, ...], verdict: Verdict, reading: Reading) -> Result:
    told, noted, silent = len(verdict.told), len(verdict.noted), len(verdict.silent)
    return Result(
        *head[:6],
        values=verdict.values,
        targets=len(reading.targets),
        wrong=len(verdict.wrong),
        flagged=len(verdict.wrong) - told - noted - silent,
        told=told,
        noted=noted,
        silent=silent,
        right=verdict.right_targets,
        needless=len(verdict.needless),
        examples=tuple(map(str, verdict.silent[:2])),
    )


def _short(text: str) -> str:
    flat = " / ".join(text.split("\n")).replace("|", "¦")
    return (flat[:_LONGEST] + "…" if len(flat) > _LONGEST else flat) or "(blank)"


def silent_with_evidence(results: Iterable[Result]) -> list[Result]:
    """Return the documents with silent errors that something in them could have shown."""
    return [one for one in results if one.silent and one.evidence]
