"""The year before's document in force, for values that a notice does not print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from schemas.tables.frames import records

if TYPE_CHECKING:
    import pandas as pd

    from scoring.returns.last_year import LastYear, Line

Row = Mapping[str, Any]


def in_force(notices: Sequence[Row], year: int) -> list[str]:
    """Return the official documents of a year that none supersedes, whosever they are."""
    official = [each for each in notices if each["role"] in (None, "official")]
    superseded = {each["supersedes"] for each in official}
    of_year = [str(each["document_id"]) for each in official if each["year"] == year]
    return sorted(each for each in of_year if each not in superseded)


def last_year_of(
    own: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame], year: int, day: date
) -> dict[Line, LastYear]:
    """Return last year's values for a document's targets, by confirmed keys.

    Nothing where the keys lead to none or to several documents in force of the year before.
    """
    from scoring.returns.last_year import Earlier, last_years

    keys = tables["indicator_keys"]
    mine = set(own["indicator_keys"]["indicator_key"])
    shared = set(keys.loc[keys["indicator_key"].isin(mine), "document_id"])
    found = [each for each in in_force(records(tables["notices"]), year - 1) if each in shared]
    if len(found) != 1:
        return {}
    (before,) = found
    frames = [
        tables[name][tables[name]["document_id"] == before].reset_index(drop=True)
        for name in ("targets", "indicators", "returns")
    ]
    earlier = Earlier(before, year - 1, *frames)
    return last_years(own["targets"], own["indicators"], keys, earlier, day)
