"""The notice of 2020 landed as PDF and as text, with a review page of each, made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.review import Request, review
from flows.steps import Order, ingest
from tests.report.landed import CALC, TEXT


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with the documents ``pdf`` and ``text``, and a review page named as each."""
    folder = tmp_path_factory.mktemp("review")
    for path, name in ((CALC, "pdf"), (TEXT, "text")):
        ingest(Order(path, folder / "tables", name, cross_check=False), lambda _: None)
        source = path if name == "pdf" else None
        review(Request(folder / "tables", name, source, folder / name), lambda _: None)
    return folder
