"""What declared data say, parsed once and kept for other processes."""

from __future__ import annotations

import marshal
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from common import declared as data
from flows.jobs.batch.warm import declared_places

PLACE = ("common", "data/lookalikes.toml")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file that is asked, with nothing in it yet."""
    path = tmp_path / "declared.bin"
    monkeypatch.setattr(data, "KEPT", path)
    data.kept_in.cache_clear()
    yield path
    data.kept_in.cache_clear()


def parsed(place: tuple[str, str]) -> dict[str, Any]:
    room, name = place
    return tomllib.loads((files(room) / name).read_text("utf-8"))


def test_what_is_kept_is_not_parsed_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write_bytes(data.to_keep([PLACE]))
    with monkeypatch.context() as patch:
        patch.setattr(tomllib, "loads", None)
        assert (again := data.declared_in(*PLACE))
    assert again == parsed(PLACE)


def test_every_file_of_the_rooms_that_read_is_kept_as_it_is(kept: Path) -> None:
    places = declared_places()
    assert {PLACE, ("extract", "data/shapes.toml"), ("schemas", "vocabulary.toml")} <= {*places}
    kept.write_bytes(data.to_keep(places))
    assert {*places} - data.kept_in(kept).keys() == {("scoring", "data/rules.toml")}  # dates
    assert all(data.declared_in(*place) == parsed(place) for place in places)


def test_a_file_that_says_something_else_by_now_is_parsed_anew(kept: Path) -> None:
    other = {PLACE: (b"a = 1", marshal.dumps({"a": 1}))}
    kept.write_bytes(marshal.dumps((sys.version, other)))
    assert data.declared_in(*PLACE) == parsed(PLACE)


@pytest.mark.parametrize(
    "content", [b"", b"broken", marshal.dumps(7), marshal.dumps(("2.7", {PLACE: (b"", b"")}))]
)
def test_a_file_that_is_no_such_one_is_left_alone(kept: Path, content: bytes) -> None:
    kept.write_bytes(content)
    assert data.declared_in(*PLACE) == parsed(PLACE)
