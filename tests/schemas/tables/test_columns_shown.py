"""Every column of every table has its place before people's eyes, or is said to have none.

A new column fails here until ``columns_shown.toml`` says where it is shown, and again until the
code that shows it names it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from schemas.tables.registry import TABLES
from tests.support.for_each import for_each
from tests.support.paths import ROOT

SHOWN = tomllib.loads((ROOT / "tests/schemas/tables/columns_shown.toml").read_text("utf-8"))
NOT_SHOWN = "not shown"

_FIGURES = ("report/marks.py", "report/figures.py", "report/doubts.py")
_ANSWERS = ("report/answers.py", "report/answer_lines.py")
_SHARED = (*_FIGURES, *_ANSWERS, "report/rule_words.py")
_SCORED = ("flows/jobs/score/summary.py", "flows/jobs/score/card_texts.py", "report/site/extra.py")
#: The code that shows columns at each place; on the terminal it differs by table.
SOURCES = {
    "site": ("report/site/*.py", "report/assets/site/*.html", *_SHARED),
    "review": ("report/review/*.py", "report/boxes.py", "report/rule_words.py"),
    "workbook": ("report/exports/*.py", *_FIGURES),
}
TERMINAL = {
    "notices": ("flows/jobs/batch/summary.py",),
    "indicators": ("flows/jobs/diff.py", "compare/values.py"),
    "targets": ("flows/jobs/diff.py", "compare/values.py"),
    "findings": ("flows/jobs/batch/summary.py",),
    "returns": ("flows/jobs/score/*.py", *_ANSWERS),
    "scores": (*_SCORED, *_FIGURES),
    "scorecards": (*_SCORED, *_FIGURES),
    "rank_stability": (*_SCORED, *_FIGURES),
    "indicator_keys": ("flows/jobs/keys.py",),
}
CLAIMS = [
    (table, column, place)
    for table, columns in SHOWN.items()
    for column, places in columns.items()
    if places != NOT_SHOWN
    for place in places
]


@for_each("table", TABLES.values())
def test_every_column_is_listed_in_order(table) -> None:  # type: ignore[no-untyped-def]
    assert list(SHOWN.get(table.name, ())) == list(table.names)


def test_nothing_else_is_listed() -> None:
    assert list(SHOWN) == list(TABLES)
    assert {place for _, _, place in CLAIMS} == {*SOURCES, "terminal"}


@for_each("table", SHOWN)
def test_what_shows_a_column_names_it(table: str) -> None:
    missing = [
        f"{column}: {place}"
        for of, column, place in CLAIMS
        if of == table and column not in named_at(table, place)
    ]
    assert not missing


@cache
def named_at(table: str, place: str) -> set[str]:
    """Return the words of the code that shows this table's columns at this place."""
    patterns = TERMINAL[table] if place == "terminal" else SOURCES[place]
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert paths
    return {word for path in paths for word in re.findall(r"\w+", path.read_text("utf-8"))}
