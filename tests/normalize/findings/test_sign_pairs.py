"""Every sign of doubt: a document that shows it, and one much like it that must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalize.findings.catalogue import catalogue
from normalize.findings.ledger import Ledger
from schemas.records.document import Document
from schemas.records.notice import Notice
from tests.support.for_each import for_each
from tests.support.normalize.sign_files import FILES
from tests.support.normalize.sign_files import Make as MakeFile
from tests.support.normalize.sign_ofd import OFDS
from tests.support.normalize.sign_tables import TABLES, changed
from tests.support.normalize.sign_tables import Make as MakeTable
from tests.support.normalize.sign_texts import CLEAN, TEXTS

SIGNS = {sign.code: sign for sign in catalogue()}


def codes_of(notice: Notice) -> set[str]:
    """Return the codes of a notice's findings, each held to what the catalogue says of it."""
    for finding in notice.findings:
        assert finding.severity in SIGNS[finding.code].severities
    return {finding.code for finding in notice.findings}


def notes_of(document: Document) -> set[str]:
    """Return the codes of what a reader noted, each held to what the catalogue says of it."""
    for note in document.notes:
        assert note.severity in SIGNS[note.code].severities
    return {note.code for note in document.notes}


@for_each("code, printed, shown, harmless", TEXTS)
def test_texts(code: str, printed: str, shown: str, harmless: str, tmp_path: Path) -> None:
    assert CLEAN.count(printed) == 1
    assert code in codes_of(changed(printed, shown)(tmp_path))
    assert code not in codes_of(changed(printed, harmless)(tmp_path))


@for_each("code, shown, harmless", TABLES)
def test_tables(code: str, shown: MakeTable, harmless: MakeTable, tmp_path: Path) -> None:
    assert code in codes_of(shown(tmp_path))
    assert code not in codes_of(harmless(tmp_path))


@pytest.mark.parametrize(("code", "shown", "harmless"), [*FILES, *OFDS])
def test_files(code: str, shown: MakeFile, harmless: MakeFile, tmp_path: Path) -> None:
    for make, is_shown in ((shown, True), (harmless, False)):
        with pytest.MonkeyPatch.context() as patch:
            document = make(tmp_path, patch)
        assert (code in notes_of(document)) is is_shown


def test_what_a_reader_notes_becomes_a_finding(tmp_path: Path) -> None:
    code, shown, _ = FILES[0]
    with pytest.MonkeyPatch.context() as patch:
        document = shown(tmp_path, patch)
    ledger = Ledger()
    for note in document.notes:
        ledger.enter_note(note)
    assert code in {finding.code for finding in ledger.findings}


@for_each("code, printed, shown, _harmless", TEXTS)
def test_a_sign_flags_targets_only_where_the_catalogue_says_so(
    code: str, printed: str, shown: str, _harmless: str, tmp_path: Path
) -> None:
    notice = changed(printed, shown)(tmp_path)
    if SIGNS[code].touches == "finding" and codes_of(notice) == {code}:
        assert not any(target.needs_review for target in notice.targets)


def test_every_sign_has_a_pair() -> None:
    paired = [pair[0] for pair in (*TEXTS, *TABLES, *FILES, *OFDS)]
    assert set(paired) == SIGNS.keys()
