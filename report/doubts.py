"""What is in doubt of one document on one day: of each target and score, and under each heading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from report.figures import CERTAIN, Doubt, Figure, Kind, added
from report.marks import is_doubtful, is_provisional
from schemas.tables.frames import Row
from schemas.vocabulary import word

#: What a sum is called whose heading is not printed.
NOWHERE = word("missing", "heading")
_LEVELS = ("level1", "level2")
Key = tuple[int, str]


class Doubts:
    """The doubt of each target with its score, and of every sum that one of them is in."""

    def __init__(
        self, indicators: Iterable[Row], targets: Mapping[Key, Row], scores: Mapping[Key, Row]
    ) -> None:
        known = list(indicators)
        paths = {row["serial_no"]: paths_of(row) for row in known}
        kinds = {row["serial_no"]: row.get("item_kind") for row in known}
        self._of: dict[Key, Doubt] = {}
        self._under: dict[tuple[str, ...], Doubt] = {}
        self._on_top: dict[str, dict[str, Doubt]] = {}
        for key in {**targets, **scores}:
            doubt = doubt_of(targets.get(key), scores.get(key))
            if doubt:
                self._of[key] = doubt
                if kind := kinds.get(key[0]):
                    own = self._on_top.setdefault(key[1], {})
                    own[kind] = own.get(kind, CERTAIN) + doubt
                for path in paths.get(key[0], ((),)):
                    under = (key[1], *path)
                    self._under[under] = self._under.get(under, CERTAIN) + doubt

    def of(self, serial_no: int, entity: str) -> Doubt:
        """Return the doubt of one target and all that comes of it."""
        return self._of.get((serial_no, entity), CERTAIN)

    @property
    def whole(self) -> Doubt:
        """All that is in doubt."""
        return added(self._of.values())

    def under(self, card: Row) -> Doubt:
        """Return the doubt of a scorecard's sum, with what is printed of it and not declared."""
        return self._under.get((card["entity"], *path_of(card)), CERTAIN) + of_whole(card)

    def with_doubt(self, card: Row) -> Row:
        """Return a scorecard's row with its doubt: without it its points cannot be shown.

        ``on_top`` has the doubt of what comes on top of the whole, by the kind of item.
        """
        return {**card, "doubt": self.under(card), "on_top": self._on_top.get(card["entity"], {})}


def paths_of(indicator: Row) -> tuple[tuple[str, ...], ...]:
    """Return the headings that an indicator is summed under, from the total down."""
    names = tuple(indicator[level] or NOWHERE for level in _LEVELS)
    return tuple(names[:depth] for depth in range(len(names) + 1))


def path_of(card: Row) -> tuple[str, ...]:
    """Return the headings from the total down to that which a scorecard sums up."""
    name, parent = card["name"] or NOWHERE, card["parent"] or NOWHERE
    return {"total": (), "level1": (name,)}.get(card["level"], (parent, name))


def is_needless(card: Row) -> bool:
    """Say whether a sum repeats the one above it, as nothing is printed to part it by."""
    return bool(card["level"] == "level2" and set(path_of(card)) == {NOWHERE})


def counted(card: Row) -> Doubt:
    """Return the doubt of a sum by the counts that a summary of scores has beside it."""
    return Doubt(card["values_in_doubt"] or 0, card["provisional"]) + of_whole(card)


def of_whole(card: Row) -> Doubt:
    """Return the doubt of a total that is of none of its indicators: rules not declared."""
    return Doubt(why=tuple(card.get("total_open") or ()))


def on_top(card: Row, kind: str) -> Figure:
    """Return what bonus or minus items add to a total or take from it, with their doubt."""
    doubt = card["on_top"].get(kind, CERTAIN) + of_whole(card)
    return Figure(card.get(kind) or None, doubt, Kind.PLAIN)


def by_line(rows: Iterable[Row]) -> dict[Key, Row]:
    """Return targets or scores by serial number and entity."""
    return {(row["serial_no"], row["entity"]): row for row in rows}


def doubt_of(target: Row | None, score: Row | None) -> Doubt:
    """Return the doubt of one target and of the score that comes of it."""
    return Doubt(int(is_doubtful(target)), int(is_provisional(score)))
