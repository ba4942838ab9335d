"""Returned forms mutated in every way, and what becomes of files, rows and replies."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.records.forms import REFUSED, Form
from tests.support.flows.offices import deliver, forms_of, returned, sha256
from tests.support.returns.mutated import (
    EDITS,
    LAST,
    NEVER,
    Case,
    make_case,
    marks_in,
    save,
    save_broken,
    save_csv,
)
from tests.support.soak import Seeds

COUNT = 40
"""With so many every edit is made."""


@pytest.fixture(scope="module")
def forms(landed: Path) -> dict[str, Form]:
    """The forms of the whole notice: more departments than are chosen of."""
    return forms_of(landed)


@pytest.fixture
def office(landed: Path, tmp_path: Path) -> Path:
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    return tmp_path


def test_mutated_workbooks(office: Path, forms: dict[str, Form]) -> None:
    made = check_mutated(office, forms, range(COUNT))
    assert made >= {edit.__name__ for edit in (*EDITS, *LAST, save, save_csv, save_broken)}


@pytest.mark.soak
def test_workbooks_mutated_anew(office: Path, forms: dict[str, Form], seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("returned workbooks, mutated", COUNT):
            check_mutated(office, forms, range(seed * COUNT, (seed + 1) * COUNT))
        shutil.rmtree(office / "in")


def check_mutated(office: Path, forms: dict[str, Form], numbers: range) -> set[str]:
    """Receive a mutated workbook for each number; return what was done to them."""
    chosen = sorted(forms.values(), key=lambda form: (-len(form.lines), form.department))[10:26]
    cases: list[tuple[Case, Path]] = []
    for seed in numbers:
        folder = office / "in" / str(seed)
        folder.mkdir(parents=True)
        form = chosen[seed % len(chosen)]
        cases.append(make_case(form, seed, folder / f"{form.department}.xlsx"))
    before = [sha256(path) for _, path in cases]

    got = deliver(office, *(path for _, path in cases))

    assert [sha256(path) for _, path in cases] == before
    rows = [row for row in returned(office) if row["source_sha256"] in set(before)]
    landed: dict[tuple[str, str, int], dict[str, Any]] = {
        (row["source_sha256"], row["source_sheet"], row["source_row"]): row for row in rows
    }
    taken = 0
    for (case, path), digest, summary in zip(cases, before, got.files, strict=True):
        taken += check_file(case, path, digest, summary, landed)
    assert len(rows) == len(landed) == taken
    assert taken > len(numbers) * 3  # the most part of what was filled in is good
    return {note for case, _ in cases for note in case.notes}


def check_file(
    case: Case, path: Path, digest: str, summary: Any, landed: dict[tuple[str, str, int], Any]
) -> int:
    """Every filled row is landed as expected or spoken of; the filed file is the one handed in."""
    told = f"{case.notes} {path}\n{summary.as_text()}"
    if summary.filed_as is not None:
        assert sha256(Path(summary.filed_as)) == digest, told
    else:
        assert summary.refused, told
    whole = [each for each in summary.remarks if each.row is None and each.severity == REFUSED]
    of_sheet = {
        each.sheet
        for each in summary.remarks
        if each.severity == REFUSED and each.code == "two_columns"
    }
    spoken = {(each.sheet, each.row) for each in summary.remarks if each.row}
    if case.broken and whole:
        return 0
    taken = 0
    for mark, places in marks_in(path).items():
        line, wanted = case.expected[mark]
        rows = [landed.get((digest, *place)) for place in places]
        found = [row for row in rows if row is not None]
        taken += len(found)
        assert len(found) <= 1, (mark, told)
        if found:
            row = found[0]
            assert wanted is not NEVER, (mark, row, told)
            assert (row["serial_no"], row["entity"]) == (line.serial_no, line.entity), told
            assert row["part_no"] == (line.part_no if line.part_text else None), told
            value = row["awarded_pct"] if "award" in line.needs else row["actual_value"]
            assert value == pytest.approx(wanted), (mark, told)
        for place, row in zip(places, rows, strict=True):
            if row is None:
                assert whole or place[0] in of_sheet or place in spoken, (mark, place, told)
    return taken
