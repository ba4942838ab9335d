"""An office that takes returns in: a landed notice, its forms, and a warehouse to write to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas.records.forms import Form
from tests.support.flows.offices import DEPARTMENT, forms_of


@pytest.fixture(scope="session")
def forms(landed_few: Path) -> dict[str, Form]:
    return forms_of(landed_few)


@pytest.fixture(scope="session")
def form(forms: dict[str, Form]) -> Form:
    return forms[DEPARTMENT]


@pytest.fixture
def office(landed_few: Path, tmp_path: Path) -> Path:
    """A folder with a warehouse of its own."""
    shutil.copytree(landed_few, tmp_path / "tables", symlinks=True)
    return tmp_path
