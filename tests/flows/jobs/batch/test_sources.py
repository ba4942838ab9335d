"""Which documents a folder holds, and how what cannot be read in it keeps no other away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.batch.sources import documents_of
from flows.jobs.sidecar.document import locate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two notices and a folder of one, beside a document that is not meant."""
    folder = tmp_path / "notices"
    (folder / "own").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "own/c.txt", "../another.txt"):
        (folder / name).write_text(name)
    return folder


def named(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in documents_of([folder])]


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        locate(path, None, None)
    return caught.value.code


def test_links_that_lead_nowhere_or_above_are_named(folder: Path) -> None:
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "one.txt").symlink_to("other.txt")
    (folder / "other.txt").symlink_to("one.txt")
    (folder / "parent").symlink_to("..")
    (folder / "the same").symlink_to(".")
    links = ["itself.txt", "one.txt", "other.txt", "parent", "the same"]
    assert named(folder) == ["a.txt", "b.txt", *links[:3], "own", *links[3:]]
    codes = [refused(folder / name) for name in links]
    assert codes == ["no_such_file"] * 3 + ["leads_above"] * 2


def test_a_link_elsewhere_is_followed_and_leads_not_back(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("d.txt", "e.txt"):
        (elsewhere / name).write_text(name)
    (elsewhere / "back").symlink_to(tmp_path)
    (folder / "link").symlink_to(elsewhere)
    assert named(folder) == ["a.txt", "b.txt", "link/back", "link/d.txt", "link/e.txt", "own"]
    assert refused(folder / "link/back") == "leads_above"


@pytest.fixture
def closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that nobody may look into, whoever runs the tests."""
    closed = folder / "closed"
    closed.mkdir()
    looked_into = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path == closed:
            raise PermissionError(13, os.strerror(13), str(path))
        return looked_into(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    return closed


def test_a_closed_folder_is_named(folder: Path, closed: Path) -> None:
    assert named(folder) == ["a.txt", "b.txt", "closed", "own"]
    assert documents_of([closed]) == [closed]
    with pytest.raises(PermissionError):
        locate(closed, None, None)


def test_a_closed_file_makes_no_notice_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a page where all else are pictures, and is by itself beside documents."""
    for name in ("pages/closed.png", "pages/1.png", "pages/2.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    opened = Path.open

    def open_(path: Path, *how: str, **named: str) -> object:
        if path.name == "closed.png":
            raise PermissionError(13, os.strerror(13), str(path))
        return opened(path, *how, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    assert named(tmp_path / "pages") == ["."]
    (tmp_path / "pages/3.txt").write_text("3")
    assert named(tmp_path / "pages") == ["1.png", "2.png", "3.txt", "closed.png"]


def test_a_folder_of_empty_folders_is_named(tmp_path: Path) -> None:
    (tmp_path / "in/empty").mkdir(parents=True)
    assert documents_of([tmp_path / "in"]) == [tmp_path / "in"]
