"""The signs of doubt in ``docs/trust.md``: ``python -m bench.signs`` lists them anew."""

from __future__ import annotations

from pathlib import Path

from bench.marked import write_part
from normalize.findings.catalogue import catalogue

PAGE = Path(__file__).resolve().parent.parent / "docs" / "trust.md"
_TOUCHES = {"targets": "the targets it serves are flagged", "finding": "a finding only"}


def main() -> None:
    """Write the table of all signs, by code."""
    lines = ["| code | severity | meaning | 中文含义 | touches |", "|---|---|---|---|---|"]
    lines += [
        f"| `{each.code}` | {' or '.join(each.severities)} | {each.en} | {each.zh} | "
        f"{_TOUCHES[each.touches]} |"
        for each in catalogue()
    ]
    write_part(PAGE, "trust signs", "\n".join(lines), timed=False)


if __name__ == "__main__":
    main()
