"""Header rows of many wordings, each with what its columns hold (``cases/headers.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normalize.columns.hints import Hints
from normalize.layout.table_chains import chains
from normalize.model.table import Column, Role
from normalize.pages.join import join
from tests.support.for_each import for_each
from tests.support.normalize.drawn import table
from tests.support.paths import ROOT
from tests.support.yaml_files import read_yaml

CASES = read_yaml(Path(ROOT, "tests", "normalize", "cases", "headers.yaml"))
#: Texts of these are kept beside the indicator; which of them a column is makes no difference.
ASIDE = {Role.UNKNOWN, Role.NOTE, Role.DEFINITION, Role.METHOD}


def columns_of(case: dict[str, Any]) -> tuple[Column, ...]:
    edges = tuple(case["edges"]) if "edges" in case else None
    (chain,), _ = chains([table(case["rows"], caption=(case.get("title", ""),), edges=edges)])
    hints = Hints(2023, tuple(case.get("declared", ())), (case.get("title", ""),))
    return join(chain, hints).columns


def said(column: Column, wanted: str) -> str:
    """What was read of a column, in the words of the case."""
    role, _, owner = wanted.partition(":")
    kept = column.role in ASIDE and role.rstrip("?") == "aside"
    read = "aside" if kept else column.role.value
    doubted = "?" if any(doubt.code != "column_unknown" for doubt in column.doubts) else ""
    period = (column.period or "").removeprefix("2023-")
    whose = period if owner == period else (column.entity or "")
    return f"{read}{doubted}{':' if owner else ''}{whose if owner else ''}"


@for_each("case", CASES)
def test_columns(case: dict[str, Any]) -> None:
    wanted = case["roles"].split()
    columns = columns_of(case)
    assert len(columns) == len(wanted)
    read = [said(column, role) for column, role in zip(columns, wanted, strict=True)]
    assert read == wanted
    entities = [c.name for c in columns if c.role is Role.TARGET and c.entity is not None]
    named = [w.partition(":")[2] for w in wanted if w.startswith("target") and ":Q" not in w]
    assert entities == [name for name in named if name]
