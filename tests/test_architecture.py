"""The picture of the packages is drawn from the imports as they are."""

from __future__ import annotations

from docs.pictures.architecture import PICTURE, svg


def test_the_picture_is_up_to_date() -> None:
    assert PICTURE.read_text("utf-8") == svg(), "run make dictionary"
