"""What a notice's own notes say of the whole result, as a proposal for ``[total]``.

Nothing here counts until an officer has written it into ``source.toml``. The wordings are
``data/total.toml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from common.declared import declared
from common.fold import clean
from scoring.total.rules import Grade, VetoEffect, WholeVeto

_CLAUSE = re.compile("[。；;！!？?]")


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """What was understood of the texts: grades, best first, and vetoes.

    ``texts`` are those that it comes from; ``unread`` the clauses about vetoes whose effect is not
    told by a known word.
    """

    grades: tuple[Grade, ...] = ()
    vetoes: tuple[WholeVeto, ...] = ()
    texts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def as_toml(self) -> str:
        """Return what could stand in ``source.toml``, version and day left to be filled in."""
        return "\n".join(_lines(self))


def printed_total(printed: Sequence[tuple[str, int | None]]) -> PrintedTotal:
    """Return what texts say of the whole; each with the indicator it stands beside, if it does."""
    grades: dict[str, Grade] = {}
    vetoes, texts, unread = [], [], []
    for text, serial_no in printed:
        plain = "".join(clean(text).split())
        found = dict(_grades(plain, grades)) if serial_no is None else {}
        of_vetoes = [*_vetoes(plain)]
        grades |= found
        vetoes += [WholeVeto(serial_no, effects) for _, effects in of_vetoes if effects]
        unread += [clause for clause, effects in of_vetoes if not effects]
        if found or of_vetoes:
            texts.append(clean(text))
    ordered = sorted(grades.values(), key=lambda each: -(each.at_least or 0.0))
    return PrintedTotal(tuple(ordered), tuple(vetoes), tuple(texts), tuple(unread))


def _grades(text: str, known: dict[str, Grade]) -> Iterator[tuple[str, Grade]]:
    """Yield the grades a text names: by points of 100, by what is left below, by a share."""
    found = dict(known)
    for match in _matches("points", text):
        found[match["name"]] = Grade(match["name"], at_least=float(match["least"]))
    for match in _matches("below", text):
        found.setdefault(match["name"], Grade(match["name"]))
    for match in _matches("quota", text):
        before = found.get(match["name"], Grade(match["name"]))
        found[match["name"]] = replace(before, quota=float(match["quota"]) / 100)
    yield from (each for each in found.items() if known.get(each[0]) != each[1])


def _vetoes(text: str) -> Iterator[tuple[str, frozenset[VetoEffect]]]:
    """Yield each clause about a veto of the whole with its effects; none where no word is known."""
    words = declared("scoring", "total")
    for clause in _CLAUSE.split(text):
        effects = frozenset(
            VetoEffect(effect)
            for effect, wordings in words["effects"].items()
            if any(each in clause for each in wordings)
        )
        if effects or any(each in clause for each in words["vetoes"]):
            yield clause, effects


def _matches(name: str, text: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns(name):
        yield from pattern.finditer(text)


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    words = declared("scoring", "total")
    grade = "|".join(map(re.escape, words["grades"]))
    return tuple(re.compile(each.replace("{grade}", grade)) for each in words[name])


def _lines(total: PrintedTotal) -> Iterator[str]:
    yield "[total]"
    yield 'version = "1"'
    yield "from =           # 施行日期，如 2022-03-01"
    yield f'basis = "{_plain(total.texts[0]) if total.texts else ""}"'
    for grade in total.grades:
        yield ""
        yield "[[total.grade]]"
        yield f'name = "{grade.name}"'
        if grade.at_least is not None:
            yield f"at_least = {grade.at_least:g}"
        if grade.quota is not None:
            yield f"quota = {grade.quota:g}"
    for veto in total.vetoes:
        yield ""
        yield "[[total.veto]]"
        if veto.serial_no is not None:
            yield f"serial_no = {veto.serial_no}"
        yield f"effects = {json.dumps(sorted(veto.effects))}"


def _plain(text: str) -> str:
    """Return a text as it may stand between the quotes of TOML."""
    return "".join(each for each in text if each.isprintable() and each not in '"\\')
