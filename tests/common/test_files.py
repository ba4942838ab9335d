"""What is put in place is there whole or not at all, and nothing half made is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from common.files import replacing, replacing_folder, sweep, write_atomically
from tests.support.common import makers
from tests.support.kills import fork_server, was_killed


@pytest.fixture(scope="module")
def server() -> ForkServerContext:
    return fork_server()


def text_of(path: Path) -> str | None:
    """Return the text that a file, or every file of a folder, has; None where there is nothing."""
    if not path.exists():
        return None
    files = [path / name for name in makers.PARTS] if path.is_dir() else [path]
    (text,) = {each.read_text() for each in files}
    return text


@pytest.mark.parametrize("make", [makers.make_file, makers.make_folder])
@pytest.mark.parametrize("before", [None, "old"])
def test_killed_at_every_step(
    server: ForkServerContext, tmp_path: Path, make: Callable[..., None], before: str | None
) -> None:
    seen = []
    for step in range(100):
        path = tmp_path / str(step) / "made"
        path.parent.mkdir()
        if before is not None:
            make(path, before, None)
        if not was_killed(server, make, path, "new", step):
            break
        seen.append(text_of(path))
        sweep(path.parent)
        assert text_of(path) in (before, "new")
        assert [each.name for each in path.parent.iterdir()] == (
            [] if text_of(path) is None else ["made"]
        )
    assert len(seen) > 6
    assert seen[0] == before
    assert text_of(path) == "new"
    assert not list(path.parent.glob(".*"))


def test_the_next_one_sweeps_what_killed_ones_left(
    server: ForkServerContext, tmp_path: Path
) -> None:
    path = tmp_path / "made"
    makers.make_folder(path, "0", None)
    for number in range(1, 12):
        assert was_killed(server, makers.make_folder, path, str(number), number % 6 + 3)
        assert len(list(tmp_path.iterdir())) <= 2
    makers.make_folder(path, "last", None)
    assert text_of(path) == "last"
    assert [each.name for each in tmp_path.iterdir()] == ["made"]


def test_what_is_still_being_made_is_let_alone(tmp_path: Path) -> None:
    path = tmp_path / "made"
    with replacing(path) as slow:
        slow.write_text("slow")
        write_atomically(path, b"quick")
        sweep(tmp_path)
        with replacing_folder(tmp_path / "other") as new:
            (new / "index.html").touch()
        assert path.read_text() == "quick"
    assert path.read_text() == "slow"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["made", "other"]


def test_a_folder_that_failed_leaves_the_old_one(tmp_path: Path) -> None:
    makers.make_folder(tmp_path / "made", "old", None)
    with pytest.raises(OSError, match="no room"), replacing_folder(tmp_path / "made") as new:
        (new / "index.html").write_text("half")
        raise OSError("no room")
    assert text_of(tmp_path / "made") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["made"]


def test_many_at_once_in_one_folder_do_not_sweep_each_other_away(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for number in range(30):
            write_atomically(tmp_path / name, str(number).encode())

    writers = [threading.Thread(target=write, args=(str(name),)) for name in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        str(name): "29" for name in range(8)
    }
