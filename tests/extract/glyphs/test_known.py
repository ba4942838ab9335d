"""What a glyph looks like is held against its claim, in fonts that are not among the known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from extract.glyphs import known
from extract.glyphs.known import Likeness, judge
from extract.glyphs.shapes import GlyphShape

HAN = "零一二三四五六七八九十百千万亿"


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Iterator[tuple[str, GlyphShape]]]:
    """Each kept shape of a numeral in turn, which is not known while it is judged."""
    kept = dict(known.shapes_by_character())
    now: dict[str, tuple[GlyphShape, ...]] = {}
    monkeypatch.setattr(known, "shapes_by_character", lambda: kept | now)

    def each() -> Iterator[tuple[str, GlyphShape]]:
        for character in HAN:
            for shape in kept[character] if len(kept[character]) > 1 else ():
                now.clear()
                now[character] = tuple(other for other in kept[character] if other is not shape)
                known.all_shapes.cache_clear()
                yield character, shape

    yield each()
    known.all_shapes.cache_clear()


def test_numerals_of_a_strange_font_do_not_pass_for_each_other(
    strange: Iterator[tuple[str, GlyphShape]],
) -> None:
    """One font's 二 is nearer to 三 of others: there it is doubted where it tells the truth."""
    passed, doubted = set(), set()
    for character, shape in strange:
        looks = {claim: judge(claim, shape).look for claim in HAN}
        passed |= {
            (character, claim)
            for claim, look in looks.items()
            if look is Likeness.FITS and claim != character
        }
        doubted |= {character} if looks[character] is not Likeness.FITS else set()
    assert (passed, doubted) == ({("二", "三")}, {"二"})
