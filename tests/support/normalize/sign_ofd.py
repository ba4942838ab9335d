"""Signs that the reader of OFD documents sees: for each one that shows it and one that must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.extract import ofd_samples as ofd
from tests.support.normalize.sign_files import Make
from tests.support.workshop.ofd_file import OfdFile


def _file(file: OfdFile) -> Make:
    def make(folder: Path, _: pytest.MonkeyPatch) -> ofd.Document:
        return ofd.read(file, folder)

    return make


#: Code, a document that shows it, one that must not.
OFDS: list[tuple[str, Make, Make]] = [
    ("attached_files", _file(ofd.attached()), _file(ofd.plain())),
    ("drawings_lost", _file(ofd.using("CompositeObject")),
     _file(ofd.using("CompositeObject", ofd.DRAWING))),
    ("outside_boundary", _file(ofd.bounded(2)), _file(ofd.bounded(7))),
    ("pictures_unreadable", _file(ofd.with_picture(b"none")),
     _file(ofd.with_picture(ofd.picture()))),
    ("seal_not_verified", _file(ofd.signed(ofd.SEAL)), _file(ofd.signed())),
    ("signature_not_verified", _file(ofd.signed()), _file(ofd.signed(ofd.SEAL))),
]  # fmt: skip
