"""The rules that a notice has of its own: ``[rules]`` in its ``source.toml``.

Their form is shown, with all keys, in docs/scoring.md ("A notice's own rules"). The closer entry
goes first: serial_no and part_no, serial_no, level4 .. level1, kind; of two entries for the same
rows the one that begins later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from common.fold import fold
from schemas.tables.columns import COLUMNS
from schemas.vocabulary import KNOWN_DIRECTIONS
from scoring.rules.parameters import parse_parameters
from scoring.rules.registry import METHODS, over_all
from scoring.rules.rule import Rule
from scoring.rules.toml import Entry

LEVELS = ("level1", "level2", "level3", "level4")
#: By what an entry names its rows, the closest last.
SELECTORS = ("kind", *LEVELS, "serial_no")
_FOR = ("entity", "rank_group")
_ENTRY = frozenset(
    {*SELECTORS, *_FOR, "part_no", "rule", "parameters", "direction", "from", "basis"}
)
_TABLE = frozenset({"version", "from", "basis", "progress", "lights", "rule", "share", "method"})
_SHARES_SUM = 1e-6
_LEAST_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Override:
    """One entry: for which rows, and what it declares; ``rule`` or ``direction`` may be None.

    ``entities`` are those it is for alone; None: all.
    """

    selector: str
    value: str | int
    part_no: int | None
    rule: Rule | None
    direction: str | None
    since: date
    entities: tuple[str, ...] | None = None

    @property
    def closeness(self) -> tuple[int, bool, int, date]:
        """What goes before what: the greater. Of two for some entities the one for fewer."""
        alone = self.entities is not None
        return SELECTORS.index(self.selector), alone, -len(self.entities or ()), self.since


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How a printed method counts by an officer's word: as it is proposed, or as written here.

    ``parameters`` None: the proposed rule as it stands; ``rule`` None: the proposed one.
    """

    rule: str | None = None
    parameters: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """A notice's own rules. ``overrides`` come with the closest last.

    ``fractions`` maps a weight group to its members' fractions; ``progress`` is what share of
    the year's work is expected by a day, by day. ``confirmed`` are the printed methods
    that an officer confirmed, by serial number and folded text.
    """

    version: str
    since: date
    basis: str
    overrides: tuple[Override, ...] = ()
    fractions: Mapping[int, Mapping[int, float]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    progress: tuple[tuple[date, float], ...] = ()
    lights: tuple[float, float] | None = None
    confirmed: Mapping[tuple[int, str], Confirmed] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def in_force(self, as_of: date) -> tuple[Override, ...]:
        """Return the entries begun by this day, the closest last."""
        return tuple(each for each in self.overrides if each.since <= as_of)


_NO_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def parse_rules(
    table: Mapping[str, object],
    source: str,
    rank_groups: Mapping[str, tuple[str, ...]] = _NO_GROUPS,
) -> NoticeRules:
    """Return the rules of a notice; ``source`` names the file in refusals.

    ``rank_groups`` are those that the notice declares: a rule may be for one of them alone.

    Raises Refusal for every key or value that is not understood to the last.
    """
    entry = Entry(source, "[rules]", table, _TABLE)
    version, since, basis = entry.text("version"), entry.day("from"), entry.text("basis")
    overrides = tuple(
        _override(
            Entry(source, f"[[rules.rule]] 第{number}条", table_, _ENTRY),
            (version, since, basis),
            rank_groups,
        )
        for number, table_ in enumerate(entry.tables("rule"), 1)
    )
    _refuse_twice(entry, overrides)
    return NoticeRules(
        version,
        since,
        basis,
        tuple(sorted(overrides, key=lambda each: each.closeness)),
        _shares(entry, source),
        _progress(entry, source),
        _lights(entry, source),
        _confirmed(entry, source),
    )


def _override(
    entry: Entry, told: tuple[str, date, str], rank_groups: Mapping[str, tuple[str, ...]]
) -> Override:
    version, since, basis = told
    basis = entry.text("basis") if "basis" in entry.given else basis
    selector = _selector(entry)
    begins = max(entry.day("from"), since) if "from" in entry.given else since
    rule = _rule(entry, version, begins, basis) if "rule" in entry.given else None
    direction = entry.choice("direction", KNOWN_DIRECTIONS) if "direction" in entry.given else None
    if rule is None and (direction is None or "parameters" in entry.given):
        raise entry.unexpected("rule_or_direction", "rule")
    part_no = _part_no(entry, selector, rule)
    entities = _entities(entry, rank_groups)
    if rule is not None:
        _check_use(entry, rule, some=entities is not None)
    return Override(
        selector, _selected(entry, selector), part_no, rule, direction, begins, entities
    )


def _check_use(entry: Entry, rule: Rule, *, some: bool) -> None:
    """Refuse a rule for some that holds them against all."""
    if some and over_all(rule.name, rule.plain):
        raise entry.unexpected("among_all_for_some", "among")


def _entities(entry: Entry, rank_groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the entities that an entry is for alone: one, or those of a rank group."""
    if "entity" in entry.given and "rank_group" in entry.given:
        listed, listed_zh = ", ".join(_FOR), "、".join(_FOR)
        raise entry.unexpected("just_one_of", "rank_group", listed=listed, listed_zh=listed_zh)
    if "entity" in entry.given:
        return (entry.text("entity"),)
    if "rank_group" in entry.given:
        return tuple(rank_groups[entry.choice("rank_group", tuple(rank_groups))])
    return None


def _selector(entry: Entry) -> str:
    """Return the one key that names the rows of the entry."""
    selectors = [name for name in SELECTORS if name in entry.given]
    if len(selectors) != 1:
        listed, listed_zh = ", ".join(SELECTORS), "、".join(SELECTORS)
        key = selectors[1] if selectors else "serial_no"
        raise entry.unexpected("just_one_of", key, listed=listed, listed_zh=listed_zh)
    return selectors[0]


def _part_no(entry: Entry, selector: str, rule: Rule | None) -> int | None:
    """Return the part that the entry is for, None for the whole."""
    if "part_no" not in entry.given:
        return None
    part_no = entry.count("part_no")
    if selector != "serial_no":
        raise entry.unexpected("with_serial_no", "part_no")
    if rule is not None and not METHODS[rule.name].of_parts:
        raise entry.unexpected("rule_for_part", "rule")
    return part_no


def _selected(entry: Entry, selector: str) -> str | int:
    if selector == "serial_no":
        return entry.count(selector)
    if selector == "kind":
        return entry.choice(selector, COLUMNS["target_kind"].values)
    return entry.text(selector)


def _rule(entry: Entry, version: str, since: date, basis: str) -> Rule:
    name = entry.choice("rule", tuple(METHODS))
    inner = f"{entry.where} parameters"
    parameters = parse_parameters(name, entry.table("parameters"), entry.source, inner)
    return Rule(name, parameters, "notice", version, since, basis)


def _refuse_twice(entry: Entry, overrides: tuple[Override, ...]) -> None:
    seen: set[tuple[object, ...]] = set()
    for number, each in enumerate(overrides, 1):
        key = (each.selector, each.value, each.part_no, each.since, each.entities)
        if key in seen:
            raise entry.unexpected("once", "rule", number=number)
        seen.add(key)


_METHOD = frozenset({"serial_no", "text", "rule", "parameters"})


def _confirmed(entry: Entry, source: str) -> Mapping[tuple[int, str], Confirmed]:
    """Return the printed methods that are confirmed: ``text`` is what the notice prints."""
    found: dict[tuple[int, str], Confirmed] = {}
    for number, table in enumerate(entry.tables("method"), 1):
        one = Entry(source, f"[[rules.method]] 第{number}条", table, _METHOD)
        found[one.count("serial_no"), fold(one.text("text"))] = _said_of_method(one)
    return MappingProxyType(found)


def _said_of_method(one: Entry) -> Confirmed:
    rule = one.choice("rule", tuple(METHODS)) if "rule" in one.given else None
    if rule is None and "parameters" not in one.given:
        return Confirmed()
    parameters = one.table("parameters")
    if rule is not None:
        parse_parameters(rule, parameters, one.source, f"{one.where} parameters")
    return Confirmed(rule, parameters)


def _shares(entry: Entry, source: str) -> Mapping[int, Mapping[int, float]]:
    found: dict[int, Mapping[int, float]] = {}
    for number, table in enumerate(entry.tables("share"), 1):
        where = f"[[rules.share]] 第{number}条"
        share = Entry(source, where, table, frozenset({"weight_group", "fractions"}))
        group = share.count("weight_group")
        if group in found:
            raise share.unexpected("group_once", "weight_group")
        given = share.table("fractions")
        members = Entry(source, f"{where} fractions", given, frozenset(given))
        for name in given:
            if not (name.isascii() and name.isdecimal()):
                raise members.unexpected("serial_no", name)
        fractions = {int(name): members.number(name, _LEAST_SHARE, 1.0) for name in given}
        if abs(sum(fractions.values()) - 1) > _SHARES_SUM:
            raise share.unexpected("whole", "fractions")
        found[group] = MappingProxyType(fractions)
    return MappingProxyType(found)


def _progress(entry: Entry, source: str) -> tuple[tuple[date, float], ...]:
    days: list[tuple[date, float]] = []
    for number, table in enumerate(entry.tables("progress"), 1):
        where = f"[rules] progress 第{number}项"
        step = Entry(source, where, table, frozenset({"on", "expected"}))
        days.append((step.day("on"), step.number("expected", 0.0, 1.0)))
        if len(days) > 1 and (days[-1][0] <= days[-2][0] or days[-1][1] < days[-2][1]):
            raise step.unexpected("rising", "on")
    return tuple(days)


def _lights(entry: Entry, source: str) -> tuple[float, float] | None:
    if "lights" not in entry.given:
        return None
    keys = frozenset({"green", "yellow"})
    lights = Entry(source, "[rules] lights", entry.table("lights"), keys)
    green, yellow = lights.number("green", 0.0, 10.0), lights.number("yellow", 0.0, 10.0)
    if yellow > green:
        raise lights.unexpected("at_most_green", "yellow")
    return green, yellow
