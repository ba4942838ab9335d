"""The part of a page that a measurement writes: what stands between two marks of its name."""

from __future__ import annotations

from pathlib import Path


def read_part(page: Path, name: str) -> str:
    """Return what stands between the marks of a measurement."""
    return _parted(page, name)[1]


def write_part(page: Path, name: str, text: str) -> None:
    """Put a text in the place of what stands between the marks of a measurement."""
    before, _, after = _parted(page, name)
    page.write_text(f"{before}\n{text.rstrip()}\n{after}", encoding="utf-8")


def _parted(page: Path, name: str) -> tuple[str, str, str]:
    """Return a page up to its mark, between the marks, and from the other mark on."""
    begin, end = (f"<!-- bench/{name}: {which} -->" for which in ("begin", "end"))
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    text, _, after = rest.partition(end)
    return before + begin, text, end + after
