"""The styles of site, review page and desk: every name is set, and all write in one font."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FOLDERS = ("report/assets/site", "report/assets/review", "flows/desk/assets")
_SET = re.compile(r"(--[a-z0-9-]+)\s*:\s*([^;}]+)")
_USED = re.compile(r"var\((--[a-z0-9-]+)\)")


def styles(folder: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(Path(ROOT / folder).glob("*.css")))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_name_is_set_and_none_by_itself(folder: str) -> None:
    text = styles(folder)
    assert not [name for name, value in _SET.findall(text) if name in _USED.findall(value)]
    by_script = {"--zoom", "--left", "--right"}
    assert set(_USED.findall(text)) <= {name for name, _ in _SET.findall(text)} | by_script


def test_site_review_page_and_desk_write_in_one_font() -> None:
    fonts = [dict(_SET.findall(styles(folder)))["--sans"] for folder in FOLDERS]
    assert len(set(fonts)) == 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_who_prefers_the_dark_gets_it(folder: str) -> None:
    assert "prefers-color-scheme: dark" in styles(folder)
