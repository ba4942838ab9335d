"""A small office: a notice on one sheet, its command line, and forms as their clerks see them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner
from openpyxl.cell import Cell

from flows.cli.main import cli
from report.forms.head import HEAD_ROW
from schemas.records.forms import FORM_SHEET
from tests.support.warehouse.landings import in_views


class Office:
    """A folder with all that belongs to one office, and its command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(
        self, name: str, rows: Sequence[Sequence[Any]], source: str, *, code: int | None = None
    ) -> None:
        """Take in a notice; ``name`` is its document's id."""
        home = self.folder / "raw/notices" / name
        home.mkdir(parents=True)
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(home / "notice.xlsx")
        (home / "source.toml").write_text(source, encoding="utf-8")
        self.kaohe("ingest", home, code=code)

    def declare(self, name: str, source: str) -> None:
        (self.folder / "raw/notices" / name / "source.toml").write_text(source, encoding="utf-8")

    def form(self, year: int, department: str = "") -> Filled:
        """Return a department's blank form."""
        self.kaohe("forms", year)
        (blank,) = (self.folder / "forms").glob(f"{department}*_*{year}.xlsx")
        return Filled(blank)

    def hand_in(self, form: Filled, day: str, *, code: int | None = 0) -> str:
        number = len(list(self.folder.glob("in/*"))) + 1
        made = form.saved(self.folder / f"in/{number}.xlsx")
        return self.kaohe("receive", made, "--received-on", day, code=code)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with in_views(self.folder / "t") as connection:
            return connection.execute(sql).fetchall()

    def kaohe(self, name: str, *arguments: object, code: int | None = 0) -> str:
        """Return what a command says; ``code``: what it must end with, None: 0 or 3."""
        more: dict[str, tuple[object, ...]] = {
            "forms": ("--raw", self.folder / "raw", "--out", self.folder / "forms"),
            "receive": ("--raw", self.folder / "raw", "--replies", self.folder / "replies"),
            "score": ("--raw", self.folder / "raw"),
            "nightly": ("--direct", "--raw", self.folder / "raw", "--out", self.folder / "site"),
        }
        said = (name, *arguments, "--warehouse", self.folder / "t", *more.get(name, ()))
        got = CliRunner().invoke(cli, list(map(str, said)))
        assert got.exit_code in ((0, 3) if code is None else (code,)), got.output
        return got.output


class Filled:
    """A form or a reply as its clerk sees it: by the words of its columns and labels."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[FORM_SHEET]
        self.columns = {cell.value: cell.column for cell in self.sheet[HEAD_ROW]}

    def row(self, serial: int, entity: str, of_class: str | None) -> int:
        wanted = {"序号": serial, "考核对象": entity, "分项目标": of_class}
        return next(
            row
            for row in range(HEAD_ROW + 1, self.sheet.max_row + 1)
            if all(self.sheet.cell(row, self.columns[k]).value == v for k, v in wanted.items())
        )

    def put(self, serial: int, entity: str, column: str, value: Any, of: str | None = None) -> None:
        self.sheet.cell(self.row(serial, entity, of), self.columns[column]).value = value

    def sign(self, **said: str) -> None:
        for cell in [cell for row in self.sheet.iter_rows(max_row=HEAD_ROW) for cell in row]:
            if (label := str(cell.value or "").rstrip("：")) in said:
                right = self.sheet[cell.row][cell.column :]
                next(each for each in right if isinstance(each, Cell)).value = said[label]

    def saved(self, path: Path) -> Path:
        path.parent.mkdir(exist_ok=True)
        self.book.save(path)
        return path
