"""Entries of a file of corrections, written as a person would."""

from __future__ import annotations

import json
from datetime import date

from schemas.records.corrections import Correction, FindingPlace, Place, ValuePlace


def as_toml(correction: Correction) -> str:
    """Return the correction as an entry of the file; reading it gives the same correction."""
    given = {**_where(correction.where), "expect": correction.expect}
    given |= {"accept": True} if correction.value is None else {"value": correction.value}
    given |= {"reason": correction.reason, "by": correction.by, "on": correction.on}
    lines = (f"{key} = {_literal(value)}" for key, value in given.items())
    return "\n".join(["[[correction]]", *lines, ""])


def _where(place: Place) -> dict[str, object]:
    if isinstance(place, FindingPlace):
        return {"finding": place.finding_id}
    if isinstance(place, ValuePlace):
        given: dict[str, object] = {"serial_no": place.serial_no, "column": place.column}
        return given if place.entity is None else {**given, "entity": place.entity}
    places = {"page": place.page, "table_no": place.table_no}
    return {
        **{key: number for key, number in places.items() if number is not None},
        "row": place.row,
        "column": place.column,
    }


def _literal(value: object) -> str:
    """Return a TOML value; JSON writes texts, lists and numbers as TOML reads them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    written = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return written.replace("\x7f", "\\u007f")
