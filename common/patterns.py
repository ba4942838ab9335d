"""Regular expressions that are compiled once, at set-up, and kept beside the bytecode.

Reading one notice needs 420 patterns, units and words of numbers among them, and Python takes 0.2 s
to compile them: as long as the reading itself. What :mod:`re` makes of a pattern is a program of
numbers, as bytecode is of a module; :func:`keep` writes the programs of all patterns that something
needs, and :func:`use_kept` lets ``re`` take them from there. A program is found by the pattern's
whole text and flags, so that none is ever another's; what is not kept is compiled as always.

This leans on the inside of ``re`` (source: CPython, ``Lib/re/_compiler.py``). Programs of another
Python, a file that is no such one, and a Python that is made otherwise are left alone: then it only
takes longer.
"""

from __future__ import annotations

import importlib
import re
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common.declared import kept_in, to_be_kept

KEPT = Path(__file__).parent / "__pycache__" / f"patterns.{sys.implementation.cache_tag}.bin"

_CODE = "I"
_Key = tuple[str | bytes, int]
_Program = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""Flags, code, how many groups, their numbers by name, and names by number."""


def use_kept(path: Path = KEPT) -> None:
    """Let this process take from a file the patterns that are kept there."""
    programs: dict[_Key, _Program] = kept_in(path)
    compiler = getattr(re, "_compiler", None)
    if not programs or compiler is None:
        return
    compile_anew, make = compiler.compile, compiler._sre.compile

    def compiled(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        program = programs.get((pattern, int(flags)))
        if program is None:
            return compile_anew(pattern, flags)  # type: ignore[no-any-return]
        of_it, code, *groups = program
        return make(pattern, of_it, array(_CODE, code).tolist(), *groups)  # type: ignore[no-any-return]

    compiler.compile = compiled


def keep(do: Callable[[], object], path: Path = KEPT) -> int:
    """Do something and keep all patterns that it compiled; return how many. OSError as the disk."""
    programs: dict[_Key, _Program] = {}
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    compile_anew, sre = compiler.compile, compiler._sre

    def compiled(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        compiler._sre = _Recorder(sre, programs, (pattern, int(flags)))
        try:
            return compile_anew(pattern, flags)  # type: ignore[no-any-return]
        finally:
            compiler._sre = sre

    re.purge()
    compiler.compile = compiled
    try:
        do()
    finally:
        compiler.compile = compile_anew
    from common.files import replacing

    path.parent.mkdir(exist_ok=True)
    with replacing(path) as new:
        new.write_bytes(to_be_kept(programs))
    return len(programs)


class _Recorder:
    """What makes patterns of programs, and writes down the program that it is given."""

    def __init__(self, sre: Any, programs: dict[_Key, _Program], key: _Key) -> None:
        self._sre, self._programs, self._key = sre, programs, key

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sre, name)

    def compile(self, pattern: Any, flags: int, code: list[int], *groups: Any) -> re.Pattern[Any]:
        """Make the pattern."""
        numbers, names, numbered = groups
        program = int(flags), array(_CODE, code).tobytes(), numbers, dict(names), tuple(numbered)
        if isinstance(pattern, (str, bytes)):
            self._programs[self._key] = program
        return self._sre.compile(pattern, flags, code, *groups)  # type: ignore[no-any-return]


def _main(module: str, function: str) -> None:
    """Keep what a function, named after its module, compiles, and the import of that module."""

    def import_and_do() -> None:
        getattr(importlib.import_module(module), function)()

    keep(import_and_do)


if __name__ == "__main__":
    _main(*sys.argv[1:])
