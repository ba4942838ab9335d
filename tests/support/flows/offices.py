"""An office that receives returns: a warehouse of its own, and forms to fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from flows.jobs.returns.forms import read_document_lines
from flows.jobs.returns.receive import Delivery, receive
from flows.jobs.returns.summary import Received
from report.forms.form import HEAD_ROW, write_form
from returns import form_lines
from schemas.records.forms import FORM_SHEET, HEADINGS, Form
from schemas.tables.frames import records
from warehouse.reading import read_table

DAY = date(2021, 1, 5)
DOCUMENT = "ziyang-2020"
ROLES = tuple(HEADINGS)
#: It judges: every line of its form asks for an award.
DEPARTMENT = "市统计局"

_blank: dict[Form, bytes] = {}
_made: dict[tuple[Form, str], bytes] = {}


def forms_of(warehouse: Path) -> dict[str, Form]:
    """Return the forms of the landed notice by department."""
    document, title = read_document_lines(warehouse, 2020, None)
    made = form_lines.forms(document.lines, DOCUMENT, 2020, title)
    return {form.department: form for form in made}


def filled(form: Form, path: Path, content: Mapping[tuple[int, str], Any]) -> Path:
    """Write a form with contents at (line from 0, column's role); the same is made once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = form, repr(content)
    if key not in _made:
        if form not in _blank:
            write_form(form, path)
            _blank[form] = path.read_bytes()
        book = openpyxl.load_workbook(BytesIO(_blank[form]))
        for (line, role), value in content.items():
            book[FORM_SHEET].cell(HEAD_ROW + 1 + line, ROLES.index(role) + 1).value = value
        book.save(path)
        _made[key] = path.read_bytes()
    path.write_bytes(_made[key])
    return path


def deliver(office: Path, *files: Path, on: date = DAY) -> Received:
    """Receive files in an office: ``tables``, ``raw`` and ``replies`` lie in its folder."""
    order = Delivery(files, office / "tables", on, office / "raw", office / "replies")
    return receive(order, lambda _: None)


def returned(office: Path) -> list[dict[str, Any]]:
    """Return the landed rows of returns."""
    return records(read_table(office / "tables", "returns"))


def filed(office: Path) -> list[Path]:
    """Return the returns that are filed; what is half-copied would be among them."""
    return sorted(
        path
        for path in (office / "raw" / "returns").rglob("*")
        if path.is_file() and path.name != "lock"
    )


def sha256(path: Path) -> str:
    """Return a file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
