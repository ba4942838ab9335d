"""What LibreOffice is started for once: to start it takes far longer than to save a file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from common.files import sha256_of
from extract.office import libreoffice
from extract.office.old_word import end_with_paragraph
from tests.support.made_once import made_once
from tests.support.paths import FIXTURES

TEXTS = (
    "notices/2020/notice.doc",
    "notices/2020/notice.odt",
    "old_word/ends_in_table.doc",
    "old_word/ends_in_table_with_footer.doc",
)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the texts as LibreOffice saves them, each named by what it was given."""

    def make(folder: Path) -> None:
        office = libreoffice.program()
        assert office is not None
        copies = [_copied(FIXTURES / text, folder) for text in TEXTS]
        assert libreoffice.save_anew(copies, "docx", folder, office).returncode == 0

    return made_once(tmp_path_factory, "saved", make) / "made"


def _copied(text: Path, folder: Path) -> Path:
    copy = Path(shutil.copyfile(text, folder / text.name))
    if text.suffix == ".doc":
        end_with_paragraph(copy, text.name)
    return copy.rename(folder / f"{sha256_of(copy)}{text.suffix}")


@pytest.fixture
def saved_together(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have for the copy of a text what LibreOffice made of it, together with the others."""

    def save_anew(
        copies: Sequence[Path], made: str, folder: Path, office: str
    ) -> subprocess.CompletedProcess[bytes]:
        (copy,) = copies
        (folder / "made").mkdir()
        shutil.copyfile(saved / f"{sha256_of(copy)}.{made}", folder / f"made/{copy.stem}.{made}")
        return subprocess.CompletedProcess([office], 0, b"", b"")

    monkeypatch.setattr(libreoffice, "save_anew", save_anew)
