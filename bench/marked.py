"""The part of a page that a measurement writes: what stands between two marks of its name.

Figures of time are written only where the machine had no other work while they were taken: that
is looked at from the moment on that a bench imports this, whatever it measures.
"""

from __future__ import annotations

from pathlib import Path

from bench.idle import Others

_OTHERS = Others()


def read_part(page: Path, name: str) -> str:
    """Return what stands between the marks of a measurement."""
    return _parted(page, name)[1]


def write_part(page: Path, name: str, text: str, *, timed: bool = True) -> None:
    """Put a text in the place of what stands between the marks of a measurement.

    Ends the program instead where other work spoiled its times; ``timed``: there are some in it.
    """
    if timed:
        require_quiet()
    before, _, after = _parted(page, name)
    page.write_text(f"{before}\n{text.rstrip()}\n{after}", encoding="utf-8")


def require_quiet() -> None:
    """End the program where others had much of the machine meanwhile."""
    _OTHERS.require_few()


def _parted(page: Path, name: str) -> tuple[str, str, str]:
    """Return a page up to its mark, between the marks, and from the other mark on."""
    begin, end = (f"<!-- bench/{name}: {which} -->" for which in ("begin", "end"))
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    text, ended, after = rest.partition(end)
    assert found and ended, f"{page.name} has no marks of bench/{name}"
    return before + begin, text, end + after
