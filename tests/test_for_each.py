"""A test of many cases tries all and names what fails."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from tests.support.for_each import for_each


def test_all_cases_are_tried_and_each_that_fails_is_named(tmp_path: Path) -> None:
    tried = []

    @for_each("number, name", [(1, "a"), (2, "b"), (3, "c"), (4, "d")])
    def check(number: int, name: str, tmp_path: Path) -> None:
        tried.append((number, name, tmp_path))
        assert number != 2
        with pytest.raises(ValueError, match="odd"):
            raise ValueError("odd") if number != 3 else KeyError
        if number == 4:
            pytest.fail("even")

    assert list(inspect.signature(check).parameters) == ["tmp_path"]
    with pytest.raises(BaseExceptionGroup, match=r"3 of 4: 2, 'b'; 3, 'c'; 4, 'd'") as failed:
        check(tmp_path=tmp_path)
    assert [type(each) for each in failed.value.exceptions] == [
        *(AssertionError, KeyError, pytest.fail.Exception)
    ]
    assert tried == [(1, "a", tmp_path), (2, "b", tmp_path), (3, "c", tmp_path), (4, "d", tmp_path)]


def test_no_case_is_no_test() -> None:
    with pytest.raises(AssertionError, match="no case"):
        for_each("name", [])
