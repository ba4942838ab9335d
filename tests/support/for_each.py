"""A test that goes through the cases of a table as one test, and names every case that fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from reprlib import repr as short
from typing import Any

import pytest

Test = Callable[..., None]


def for_each(names: str, cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Call a test with each case of a table, as ``pytest.mark.parametrize`` would have it called.

    A test of its own costs some three milliseconds of two processes: many times what a small
    function takes. Fixtures are made once for all cases.
    """
    name, *more = names.split(", ")
    table = [dict(zip((name, *more), case if more else [case], strict=True)) for case in cases]
    assert table, "a test of no case"

    def of_all(test: Test) -> Test:
        @wraps(test)
        def through_all(**fixtures: Any) -> None:
            failed = [error for case in table if (error := _failure(test, fixtures, case))]
            if failed:
                named = "; ".join(error.__notes__[-1] for error in failed)
                raise BaseExceptionGroup(f"{len(failed)} of {len(table)}: {named}", failed)

        whole = inspect.signature(test)
        fixtures = [each for each in whole.parameters.values() if each.name not in table[0]]
        through_all.__signature__ = whole.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return through_all

    return of_all


def _failure(test: Test, fixtures: dict[str, Any], case: dict[str, Any]) -> BaseException | None:
    """Return how the test fails with a case, which the note at its end names."""
    try:
        test(**fixtures, **case)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - raised with the others
        error.add_note(", ".join(short(value) for value in case.values()))
        return error
    return None
