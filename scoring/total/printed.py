"""What a notice's own notes say of the whole result, as a proposal for ``[total]``.

Nothing here counts until an officer has written it into ``source.toml``. The wordings are
``data/total.toml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

from common.declared import declared, declared_list
from common.fold import clean
from common.numbers import chinese, show
from scoring.total.declarable import grade_lines, plain
from scoring.total.printed_periods import is_whole, lines_of_periods, period_weights
from scoring.total.rules import Grade, Possible, QuotaOf, TotalRules, VetoEffect, WholeVeto

_CLAUSE = re.compile("[。；;！!？?]")
_NUMBERED = re.compile("^(?:说明|备注|注)?[:：]?[（(]?[0-9]{1,2}[)）.、．]|^(?:说明|备注|注)[:：]")
_FIGURE = re.compile("[0-9一二三四五六七八九十]")
_MORE = re.compile("[0-9]|第[一二三四五六七八九十]|排名|其余|其他|且|同时")


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """What was understood of the texts: grades, best first, vetoes, caps of all and factors.

    ``quota_of`` is whose share the quotas are, None where not all say it; ``periods`` weigh
    quarters (Q1) or halves (H1) in per cent, as ``of_periods`` (clauses) say.

    ``texts`` are those that it comes from, ``basis`` the first that gave something; ``unread`` the
    clauses that say something of the whole and are not understood to the last figure: nothing of
    such a clause is proposed. ``of_rows`` are those of what a veto of a row does, with its number.
    """

    grades: tuple[Grade, ...] = ()
    vetoes: tuple[WholeVeto, ...] = ()
    texts: tuple[str, ...] = ()
    basis: str = ""
    unread: tuple[str, ...] = ()
    of_rows: tuple[tuple[str, int], ...] = ()
    bonus_cap: float | None = None
    minus_cap: float | None = None
    factors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    quota_of: QuotaOf | None = None
    periods: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    of_periods: tuple[str, ...] = ()

    def possible_beside(self, declared: TotalRules) -> Possible:
        """Return what may come to count of a total's points of what is not declared yet."""
        return Possible(
            self.bonus_cap if declared.bonus_cap is None else None,
            self.minus_cap if declared.minus_cap is None else None,
            MappingProxyType({}) if declared.coefficients else self.factors,
            self.vetoes,
        )

    def among(self, entities: Collection[str]) -> PrintedTotal:
        """Return it with the factors of others than these left unread."""
        strange = [who for who in self.factors if not any(who in each for each in entities)]
        clauses = [each for text in self.texts for each in _CLAUSE.split(text)]
        unread = [next((each for each in clauses if who in each), who) for who in strange]
        known = {who: factor for who, factor in self.factors.items() if who not in strange}
        return replace(self, factors=known, unread=(*self.unread, *unread)) if strange else self

    @property
    def proposes(self) -> bool:
        """Whether anything could be declared."""
        limited = self.bonus_cap is not None or self.minus_cap is not None
        return limited or bool(self.grades or self.vetoes or self.factors or self.periods)

    def as_toml(self) -> str:
        """Return what could stand in ``source.toml``, version and day left to be filled in."""
        return "\n".join(_lines(self))


def printed_total(
    printed: Sequence[tuple[str, int | None]], vetoes: Collection[int] = ()
) -> PrintedTotal:
    """Return what texts say of the whole; each with the indicator it stands beside, if it does.

    ``vetoes`` are the rows that are vetoes themselves: that such a row says so is nothing more.
    That a veto is of its row alone is said of such a row, and beside a veto of any indicator.
    """
    found = PrintedTotal()
    for text, serial_no in sorted(printed, key=lambda each: each[1] is not None):
        before = found
        for clause in _CLAUSE.split("".join(clean(text).split())):
            of_veto_row = serial_no in vetoes
            if not of_veto_row or _effects(clause):
                found = _with_clause(found, clause, serial_no, of_veto_row)
        if found is not before:
            gave = replace(found, unread=before.unread) != before
            basis = before.basis or (clean(text) if gave else "")
            found = replace(found, texts=(*found.texts, clean(text)), basis=basis)
    grades = tuple(sorted(found.grades, key=lambda g: -(g.at_least or 0.0)))
    return _with_whole_periods(replace(found, grades=grades, quota_of=_quota_of(found)))


def _quota_of(found: PrintedTotal) -> QuotaOf | None:
    """Return that quotas are of each group, where all clauses of one that were read say so."""
    clauses = (c for text in found.texts for c in _CLAUSE.split("".join(text.split())))
    read = (each for each in clauses if each not in found.unread)
    said = [match["group"] or match["within"] for each in read for match in _matches("quota", each)]
    return QuotaOf.GROUP if said and all(said) else None


def _with_whole_periods(found: PrintedTotal) -> PrintedTotal:
    """Return it without weights of periods that do not make up the year."""
    if not found.of_periods or is_whole(found.periods):
        return found
    return replace(found, periods={}, of_periods=(), unread=(*found.unread, *found.of_periods))


def _with_clause(
    found: PrintedTotal, clause: str, serial_no: int | None, of_veto_row: bool
) -> PrintedTotal:
    """Return what was found so far with what a clause adds; the same where it says nothing."""
    of_note = serial_no is None
    more = _of_all(found, _NUMBERED.sub("", clause)) if of_note else None
    return more or _with_grades(found, clause, serial_no, of_veto_row)


def _with_grades(
    found: PrintedTotal, clause: str, serial_no: int | None, of_veto_row: bool
) -> PrintedTotal:
    """Return what was found with a clause of grades or of what a veto does to the whole."""
    of_note = serial_no is None
    grades = _grades(clause, found.grades) if of_note else {}
    if grades:
        if _has_more(clause):
            return replace(found, unread=(*found.unread, clause))
        all_grades = {each.name: each for each in found.grades} | grades
        return replace(found, grades=tuple(all_grades.values()))
    effects = _effects(clause, of_note=of_note)
    if effects is not None:
        return _with_veto(found, clause, WholeVeto(serial_no, effects), of_veto_row)
    if of_note and _is_of_the_whole(clause):
        return replace(found, unread=(*found.unread, clause))
    return found


def _with_veto(
    found: PrintedTotal, clause: str, veto: WholeVeto, of_veto_row: bool
) -> PrintedTotal:
    """Return what was found with a clause about a veto, or with the words of what one does."""
    conditional = not of_veto_row and _holds("condition", clause)
    if veto.effects == frozenset({VetoEffect.ROW}) and not of_veto_row:
        of_any = any(each.serial_no is None for each in found.vetoes)
        if conditional or not of_any or not _holds("event", clause):
            return found  # what the row's points come to is its method's
    if conditional or not veto.effects:
        own = () if veto.serial_no is None else ((clause, veto.serial_no),)
        return replace(found, unread=(*found.unread, clause), of_rows=(*found.of_rows, *own))
    vetoes = found.vetoes if veto in found.vetoes else (*found.vetoes, veto)
    return replace(found, vetoes=vetoes)


def _of_all(found: PrintedTotal, clause: str) -> PrintedTotal | None:
    """Return what was found with a clause that limits all bonus or minus, or multiplies a total.

    Two limits that differ leave the clause unread.
    """
    for name in ("bonus_cap", "minus_cap"):
        if match := _whole_match(name, clause):
            cap, known = float(match["points"]), getattr(found, name)
            if known in (None, cap):
                first = name == "bonus_cap"
                return replace(found, bonus_cap=cap) if first else replace(found, minus_cap=cap)
            return replace(found, unread=(*found.unread, clause))
    if weights := period_weights(clause):
        if any(found.periods.get(name, weight) != weight for name, weight in weights.items()):
            return replace(found, unread=(*found.unread, clause))
        all_weights, clauses = {**found.periods, **weights}, (*found.of_periods, clause)
        return replace(found, periods=all_weights, of_periods=clauses)
    return _with_factor(found, clause)


def _with_factor(found: PrintedTotal, clause: str) -> PrintedTotal | None:
    """Return what was found with a clause that multiplies the total of those that it names."""
    if match := _whole_match("factor", clause):
        who, factor = match["who"], float(match["factor"])
        if found.factors.get(who, factor) == factor:
            return replace(found, factors={**found.factors, who: factor})
        return replace(found, unread=(*found.unread, clause))
    return None


def _whole_match(name: str, clause: str) -> re.Match[str] | None:
    return next((m for p in _patterns(name) if (m := p.fullmatch(clause))), None)


def _grades(text: str, before: Sequence[Grade]) -> dict[str, Grade]:
    """Return the grades a clause names: by points of 100, by what is left below, by a share."""
    known = {each.name: each for each in before}
    found = dict(known)
    for match in _matches("points", text):
        grade = found.get(match["name"], Grade(match["name"]))
        found[match["name"]] = replace(grade, at_least=float(match["least"]))
    for match in _matches("rank", text):
        grade = found.get(match["name"], Grade(match["name"]))
        found[match["name"]] = replace(grade, at_most_rank=int(match["rank"]))
    for match in _matches("below", text):
        found.setdefault(match["name"], Grade(match["name"]))
    for match in _matches("quota", text):
        grade = found.get(match["name"], Grade(match["name"]))
        found[match["name"]] = replace(grade, quota=_quota(match))
    return {name: grade for name, grade in found.items() if known.get(name) != grade}


def _quota(match: re.Match[str]) -> float:
    """Return the share that per cent or a fraction in words (三分之一) say."""
    if match["quota"]:
        return float(match["quota"]) / 100
    return (chinese(match["some"]) or 0.0) / (chinese(match["parts"]) or 1.0)


def _has_more(clause: str) -> bool:
    """Say whether a clause about grades has a figure, a place or a rest that no pattern reads."""
    left = clause
    for name in ("rank", "points", "below", "quota"):
        for match in _matches(name, clause):
            left = left.replace(match[0], "")
    return bool(_MORE.search(_NUMBERED.sub("", left)))


def _is_of_the_whole(clause: str) -> bool:
    """Say whether a clause gives a figure for what is added to, taken from or made of the whole."""
    graded = _names("grades", clause) and _holds("grading", clause)
    bare = _NUMBERED.sub("", clause)
    if (graded and _MORE.search(bare)) or any(_matches("of_the_whole", bare)):
        return True
    return _FIGURE.search(clause) is not None and _names("whole", clause)


def _names(words: str, clause: str) -> bool:
    """Say whether a clause holds one of some words."""
    return any(each in clause for each in declared_list("scoring", "total", words))


def _holds(name: str, clause: str) -> bool:
    """Say whether a clause has what a pattern looks for."""
    return re.search(declared(str, "scoring", "total", name), clause) is not None


def _effects(clause: str, *, of_note: bool = False) -> frozenset[VetoEffect] | None:
    """Return what a clause about a veto of the whole does, as far as its words are known.

    None for a clause that is about no veto.
    """
    known = declared(dict[str, list[str]], "scoring", "total", "effects")
    effects = frozenset(
        VetoEffect(effect)
        for effect, wordings in known.items()
        if any(re.search(each, clause) for each in wordings)
        and not (of_note and effect == VetoEffect.ROW)
    )
    return effects if effects or _names("vetoes", clause) else None


def _matches(name: str, text: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns(name):
        yield from pattern.finditer(text)


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    grade = "|".join(map(re.escape, declared_list("scoring", "total", "grades")))
    patterns = declared_list("scoring", "total", name)
    return tuple(re.compile(each.replace("{grade}", grade)) for each in patterns)


def _lines(total: PrintedTotal) -> Iterator[str]:
    yield "[total]"
    yield 'version = "1"'
    yield "from =           # 施行日期，如 2022-03-01"
    yield f'basis = "{plain(total.basis)}"'
    for name in ("bonus_cap", "minus_cap"):
        if (cap := getattr(total, name)) is not None:
            yield f"{name} = {show(cap)}"
    if total.quota_of is not None:
        yield f'quota_of = "{total.quota_of}"   # 通知写明名额按各组分别计，各组见 [rank_groups]'
    elif any(each.quota is not None for each in total.grades):
        yield '# quota_of = "all"   # 名额按全部参评单位计写 all，按各组分别计写 group'
    for grade in total.grades:
        yield from grade_lines(grade)
    for veto in total.vetoes:
        yield ""
        yield "[[total.veto]]"
        if veto.serial_no is None:
            yield "# serial_no =    # 只由某一项否决引起的，写明该项序号；不写则任何一项否决都引起"
        else:
            yield f"serial_no = {veto.serial_no}"
        yield f"effects = {json.dumps(sorted(veto.effects))}"
    if total.factors:
        yield from ("", "[coefficients]   # 写考核对象的名称，或 [rank_groups] 中的组名")
        yield from (f'"{plain(who)}" = {show(factor)}' for who, factor in total.factors.items())
    yield from lines_of_periods(total.periods)
