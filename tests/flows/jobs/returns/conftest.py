"""An office that takes returns in: the landed notice, its forms, and a warehouse to write to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas.records.forms import Form
from tests.support.flows.offices import DEPARTMENT, forms_of


@pytest.fixture(scope="session")
def forms(landed: Path) -> dict[str, Form]:
    return forms_of(landed)


@pytest.fixture(scope="session")
def form(forms: dict[str, Form]) -> Form:
    return forms[DEPARTMENT]


@pytest.fixture
def office(landed: Path, tmp_path: Path) -> Path:
    """A folder with a warehouse of its own."""
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    return tmp_path
