"""Draws the characters of numbers in many fonts and keeps their shapes in ``extract/data``.

``python -m bench.shapes FOLDER`` writes ``extract/data/shapes.toml`` from the fonts below FOLDER:
Debian's fonts-dejavu, fonts-liberation, fonts-crosextra-carlito, fonts-crosextra-caladea,
fonts-noto-cjk and fonts-lxgw-wenkai, whose licences all allow it. Only small pictures of single
characters are kept; a font's shape much like one that is kept already is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from common.declared import declared
from extract.glyphs.known import TARGET, class_of
from extract.glyphs.shapes import GlyphShape, shape_of

FONTS = (
    *(f"DejaVu{name}.ttf" for name in ("Sans", "Sans-Bold", "Sans-BoldOblique", "Sans-Oblique")),
    *(f"DejaVu{name}.ttf" for name in ("SansCondensed", "Serif", "Serif-Bold", "Serif-Italic")),
    "DejaVuSansMono.ttf",
    *(f"LiberationSans-{name}.ttf" for name in ("Regular", "Bold", "Italic")),
    *(f"LiberationSerif-{name}.ttf" for name in ("Regular", "Bold", "Italic", "BoldItalic")),
    *(f"LiberationMono-{name}.ttf" for name in ("Regular", "Bold", "BoldItalic")),
    *("LiberationSansNarrow-Regular.ttf", "Carlito-Regular.ttf", "Carlito-Bold.ttf"),
    *("Caladea-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    *("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    *(f"LXGWWenKai-{name}.ttf" for name in ("Light", "Regular", "Bold")),
)
CHINA = 2
"""Which font of a collection has the forms that are used in China."""
SIZE, CELL, LEFT, BASELINE = 40, 72, 12, 48
DARK = 140
MISSING = "\U000f1234"
DIGITS = "0123456789"
NEARLY = 0.04
ALIKE = {"numbers": 0.05, "letters": 0.12, "han": 0.05}


def main() -> None:
    """Write the shapes of the fonts found below the folder that is named."""
    kept: dict[str, list[GlyphShape]] = {}
    drawn = [each for font in _fonts(Path(sys.argv[1])) for each in _drawn(font)]
    for kind, character, shape in drawn:
        _keep(kept.setdefault(character, []), shape, ALIKE[kind])
    for kind, character, shape in drawn:
        if kind == "numbers" and _is_mistaken(character, shape, kept):
            kept[character].append(shape)
    TARGET.write_text("".join(_lines(kept)), "utf-8")


def _drawn(font: ImageFont.FreeTypeFont) -> Iterator[tuple[str, str, GlyphShape]]:
    """Yield the kind of each character that a font has, what it counts as, and its shape."""
    missing = _rows(font, MISSING)
    for kind, characters in declared(dict[str, str], "extract", "glyphs", "drawn").items():
        for character in characters:
            rows = _rows(font, character)
            shape = None if rows == missing else shape_of(rows, CELL, SIZE, BASELINE)
            if shape is not None:
                yield kind, class_of(character), shape


def _is_mistaken(character: str, shape: GlyphShape, kept: dict[str, list[GlyphShape]]) -> bool:
    """Tell whether a shape is hardly nearer to what is kept of its own than to another digit."""
    others = [each for digit in DIGITS if digit != character for each in kept[digit]]
    own = min(map(shape.distance, kept[character]))
    return own + NEARLY > min(map(shape.distance, others))


def _fonts(folder: Path) -> Iterator[ImageFont.FreeTypeFont]:
    for name in FONTS:
        (path,) = sorted(folder.rglob(name))[:1]
        yield ImageFont.truetype(path, SIZE, index=CHINA if path.suffix == ".ttc" else 0)


def _rows(font: ImageFont.FreeTypeFont, character: str) -> Sequence[int]:
    picture = Image.new("L", (CELL, CELL), 255)
    pen = ImageDraw.Draw(picture)
    pen.text((LEFT, BASELINE), character, font=font, fill=0, anchor="ls")
    grey = picture.tobytes()
    inked = bytes(b"10"[value >= DARK] for value in grey)
    return [int(inked[start : start + CELL], 2) for start in range(0, len(inked), CELL)]


def _keep(kept: list[GlyphShape], shape: GlyphShape, alike: float) -> None:
    if all(shape.distance(other) > alike for other in kept):
        kept.append(shape)


def _lines(kept: dict[str, list[GlyphShape]]) -> Iterator[str]:
    yield "# Shapes of characters, drawn by bench/shapes.py: width, height, middle, ink.\n\n"
    for character, shapes in sorted(kept.items()):
        yield f'"{character}" = [\n' if character not in '"\\' else f"'{character}' = [\n"
        yield from (f'  "{shape.written()}",\n' for shape in shapes)
        yield "]\n"


if __name__ == "__main__":
    main()
