"""Prefect's folder of records is its owner's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from common.refusal import Refusal
from flows.jobs.folders import within
from flows.jobs.guard import keep_credentials, new_credentials, private_folder, read_credentials


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_was_open_is_closed_and_its_records_too(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    home.mkdir(mode=0o755)
    records = home / "prefect.db"
    records.touch(0o644)
    private_folder(home)
    assert (mode(home), mode(records)) == (0o700, 0o600)


def test_credentials_are_new_each_time_and_readable_by_nobody_else(tmp_path: Path) -> None:
    first, second = new_credentials(), new_credentials()
    assert first != second
    for credentials in (first, second):
        keep_credentials(tmp_path, credentials)
        assert read_credentials(tmp_path) == credentials
        assert mode(tmp_path / "credentials") == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    home.mkdir()
    os.chown(home, 65534, 65534)
    with pytest.raises(Refusal, match="folder_of_others"):
        private_folder(home)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "link/x", "a\0b"])
def test_what_lies_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/link").symlink_to("/etc")
    with pytest.raises(Refusal, match="not_within"):
        within(tmp_path / "raw", name)
    assert within(tmp_path / "raw", "a/b") == tmp_path / "raw/a/b"
