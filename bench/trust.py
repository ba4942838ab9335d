"""Measures how well flags find errors: damages drawn documents, reads them, counts what is said.

    .venv/bin/python -m bench.trust [--documents 500] [--clean 500] [--write]

``--write`` puts the tables into docs/trust.md. The same numbers of documents give the same tables:
every document is drawn and damaged from its number.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from bench.trust_measure import Result, measured, silent_with_evidence

PAGE = Path(__file__).resolve().parent.parent / "docs" / "trust.md"
_FORMATS = {
    "md": "text (Markdown)",
    "html": "HTML",
    "docx": "Word",
    "xlsx": "Excel",
    "pdf": "PDF",
    "ofd": "OFD",
}


def begin(part: str) -> str:
    return f"<!-- bench/trust {part}: begin -->"


def end(part: str) -> str:
    return f"<!-- bench/trust {part}: end -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def grouped(
    results: Iterable[Result], key: Callable[[Result], str]
) -> list[tuple[str, list[Result]]]:
    ordered = sorted(results, key=key)
    return [(name, list(members)) for name, members in groupby(ordered, key)]


def damage_table(results: list[Result]) -> list[str]:
    heads = (
        "damage", "documents", "values wrong", "flagged", "told in a finding", "noted (info)",
        "silent, though shown", "silent, shown by nothing", "right targets flagged",
    )  # fmt: skip
    kinds = grouped(results, lambda one: one.what)
    rows = [_damage_row(what, members) for what, members in kinds]
    return table(heads, [*rows, _damage_row("**all**", results)])


def _damage_row(what: str, members: list[Result]) -> tuple[object, ...]:
    def total(name: str) -> int:
        return sum(getattr(one, name) for one in members)

    shown = sum(one.silent for one in silent_with_evidence(members))
    return (
        what,
        len(members),
        total("wrong"),
        total("flagged"),
        total("told"),
        total("noted"),
        shown,
        total("silent") - shown,
        share(total("needless"), total("right")),
    )


def reasons_table(results: list[Result]) -> list[str]:
    silent = [one for one in results if one.silent and not one.evidence]
    rows = [
        (*name.split("\n"), len(members), sum(one.silent for one in members), members[0].damage)
        for name, members in grouped(silent, lambda one: f"{one.what}\n{one.reason}")
    ]
    heads = ("damage", "why nothing shows it", "documents", "silent values", "for instance")
    return table(heads, rows)


def open_table(results: list[Result]) -> list[str]:
    rows = [
        (one.what, one.evidence, f"{one.kind}, {one.layout}", one.damage, one.examples[0])
        for one in silent_with_evidence(results)
    ]
    heads = ("damage", "what shows it", "document", "for instance", "value")
    return table(heads, rows) if rows else ["None."]


def clean_table(results: list[Result]) -> list[str]:
    rows = []
    for kind, members in grouped(results, lambda one: one.kind):
        wrong = sum(one.wrong for one in members)
        silent = sum(one.silent for one in members)
        needless = sum(one.needless for one in members)
        targets = sum(one.targets for one in members)
        layouts = len({one.layout for one in members})
        name = _FORMATS[kind]
        flagged = share(needless, targets)
        rows.append((name, len(members), layouts, targets, wrong, silent, flagged))
    heads = (
        "format",
        "documents",
        "layouts",
        "targets",
        "values wrong",
        "silent",
        "right targets flagged",
    )
    return table(heads, rows)


def written(page: str, parts: dict[str, list[str]]) -> str:
    for part, lines in parts.items():
        before, rest = page.split(begin(part))
        _, after = rest.split(end(part))
        page = f"{before}{begin(part)}\n" + "\n".join(lines) + f"\n{end(part)}{after}"
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--clean", type=int, default=500)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/trust.md")
    chosen = parser.parse_args()
    started = time.perf_counter()
    results = measured(True, 0, chosen.documents)
    clean = measured(False, 0, chosen.clean)
    parts = {
        "damage": damage_table(results),
        "reasons": reasons_table(results),
        "open": open_table(results),
        "clean": clean_table(clean),
    }
    for part in ("damage", "reasons", "open", "clean"):
        print("\n".join(parts[part]), end="\n\n")
    print(f"{len(results)} damaged and {len(clean)} clean documents, "
          f"{time.perf_counter() - started:.0f} s")  # fmt: skip
    if chosen.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main()
