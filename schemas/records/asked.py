"""What a form asks for beyond a line's figure, and who signs what is returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who returned a value and who approved it, and when; None for what nobody wrote.

    A value is approved where the approver's name and the day both stand there.
    """

    reported_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None

    @property
    def approved(self) -> bool:
        """Somebody is named who approved it, with the day."""
        return self.approved_by is not None and self.approved_on is not None

    @property
    def half_approved(self) -> bool:
        """An approver is named without a day: who wrote it takes the value to be approved."""
        return self.approved_by is not None and self.approved_on is None


#: What is known where nobody signed.
UNSIGNED = SignOff()


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be returned for one line by the rule that will count it.

    ``needs`` are columns that must be filled in. ``most_award`` is the greatest award in per cent
    of the points, ``classes`` are those of which counts are returned (国家级, 省级), ``points`` are
    the line's own, None where they are not known.
    """

    needs: frozenset[str] = frozenset()
    most_award: float = 100.0
    classes: tuple[str, ...] = ()
    points: float | None = None


#: What must be returned, by serial number, entity and part (0 for the whole of a target). Parts are
#: there where a target is counted by them; the whole then needs nothing, as does a line that no
#: rule is known for.
AskedFields = Mapping[tuple[int, str, int], Asked]
