"""Pictures of pages: what is seen on them is what is read, whatever way they are stored."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from common.refusal import Refusal
from extract.files.kinds import Kind, kind_of
from extract.files.pictures import document_sha256, pages_of
from extract.pdf import pictures
from extract.pdf.pictures import as_pdf
from extract.read import read_document
from extract.scan.pages import MOST_SCANNED
from tests.support.for_each import for_each

SIZE = 120, 170
BOX = 20, 30, 60, 50  # of ink on the page, left of its middle and above it


def page(mode: str = "L") -> Image.Image:
    picture = Image.new("L", SIZE, 255)
    ImageDraw.Draw(picture).rectangle(BOX, fill=0)
    return picture.convert(mode)


def seen(path: Path, folder: Path) -> list[np.ndarray]:
    """Return the pages that are read, in grey, each as large as the first picture."""
    with pypdfium2.PdfDocument(as_pdf(path, folder / "made.pdf")) as pdf:
        scale = [SIZE[0] / pdf[i].get_size()[0] for i in range(len(pdf))]
        drawn = [pdf[i].render(scale=scale[i]).to_pil().convert("L") for i in range(len(pdf))]
    return [np.asarray(each) for each in drawn]


def sixteen_bits(order: str) -> Image.Image:
    numbers = np.asarray(page()).astype(f"{order}u2") * 240  # paper is not the brightest there is
    return Image.fromarray(numbers)


def ink_on_nothing() -> Image.Image:
    """Black ink, and black that is wholly transparent everywhere else."""
    ink = Image.eval(page(), lambda value: 255 - value)
    return Image.merge("RGBA", [Image.new("L", SIZE, 0)] * 3 + [ink])


def grey_on_nothing() -> Image.Image:
    return Image.merge("LA", ink_on_nothing().split()[2:])


def palette_on_nothing(path: Path) -> None:
    """A palette whose first colour, black, is transparent, with ink of its second, also black."""
    picture = Image.eval(page(), lambda value: 0 if value else 1).convert("L")
    indexed = Image.fromarray(np.asarray(picture), "P")
    indexed.putpalette([0, 0, 0, 0, 0, 0])
    indexed.save(path, transparency=0)


def turned_by_a_camera(path: Path) -> None:
    """Stored lying on its side, with the word that it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = 6
    page().rotate(90, expand=True).save(path, exif=exif)


STORED: dict[str, Callable[[Path], None]] = {
    "grey.png": lambda path: page().save(path),
    "colours.jpg": lambda path: page("RGB").save(path, quality=95),
    "inks.jpg": lambda path: page("CMYK").save(path, quality=95),
    "inks.tif": lambda path: page("CMYK").save(path, compression="tiff_lzw"),
    "palette.png": lambda path: page("P").save(path),
    "palette_on_nothing.png": palette_on_nothing,
    "ink_on_nothing.png": lambda path: ink_on_nothing().save(path),
    "grey_on_nothing.png": lambda path: grey_on_nothing().save(path),
    "deep.png": lambda path: sixteen_bits("<").save(path),
    "deep.tif": lambda path: sixteen_bits(">").save(path),
    "float.tif": lambda path: page("F").save(path),
    "fax.tif": lambda path: page("1").save(path, compression="group4"),
    "windows.bmp": lambda path: page("RGB").save(path),
    "camera.jpg": turned_by_a_camera,
    "camera.tif": turned_by_a_camera,
}


@for_each("name", STORED)
def test_what_is_seen_is_what_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    STORED[name](path)
    assert kind_of(path) is Kind.PICTURE
    (drawn,) = seen(path, tmp_path)
    assert np.abs(drawn.astype(int) - np.asarray(page()).astype(int)).mean() < 6


def test_a_tif_has_pages_and_small_copies_are_none(tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    small = page().resize((12, 17))
    small.encoderinfo = {"tiffinfo": {254: 1}}  # type: ignore[attr-defined]
    page("1").save(path, save_all=True, append_images=[small, page().rotate(180)])
    first, second = seen(path, tmp_path)
    assert (first[40, 40], second[40, 40], second[130, 80]) == (0, 255, 0)


@pytest.mark.parametrize(
    ("size", "dpi", "inches"),
    [
        ((1654, 2339), 200, (8.27, 11.695)),
        ((1654, 2339), 72, (8.27, 11.695)),  # a screen's: taken for A4
        ((2339, 1654), None, (11.69, 8.27)),
        ((1080, 8000), None, (8.27, 61.3)),  # a long screenshot
        ((4, 9000), None, (0.084, 190.0)),
    ],
)
def test_how_large_a_page_is(
    size: tuple[int, int], dpi: int | None, inches: tuple[float, float], tmp_path: Path
) -> None:
    path = tmp_path / "page.png"
    Image.new("1", size, 1).save(path, **({"dpi": (dpi, dpi)} if dpi else {}))
    with pypdfium2.PdfDocument(as_pdf(path, tmp_path / "made.pdf")) as pdf:
        assert [side / 72 for side in pdf[0].get_size()] == pytest.approx(inches, rel=0.01)


@pytest.mark.parametrize(
    "names",
    [
        ["第一页.png", "第二页.png", "第三页.png", "第九页.png", "第十页.png", "第十一页.png",
         "第二十页.png"],
        ["附件一（二）.png", "附件一（十）.png", "附件二（一）.png"],
        ["页①.png", "页②.png", "页⑩.png"],
        ["扫描 ２.png", "扫描 １０.png"],
        ["第九页.png", "第一〇页.png", "第11页.png"],
    ],
)  # fmt: skip
def test_numbers_in_names_of_any_kind_give_the_order(names: list[str], tmp_path: Path) -> None:
    for name in sorted(names, reverse=True):
        (tmp_path / name).write_bytes(b"BM")
    assert [each.name for each in pages_of(tmp_path)] == names


def test_a_folder_of_pictures_in_the_order_of_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "通知.2021"
    folder.mkdir()
    for number in (10, 9, 1):
        page().rotate(0 if number == 10 else 180).save(folder / f"第{number}页.png")
    (folder / "source.toml").write_text("year = 2021")
    (folder / ".DS_Store").write_bytes(b"x")
    assert [each.name for each in pages_of(folder)] == ["第1页.png", "第9页.png", "第10页.png"]
    assert kind_of(folder) is Kind.PICTURE
    assert [drawn[40, 40] for drawn in seen(folder, tmp_path)] == [255, 255, 0]
    before = document_sha256(folder)
    (folder / "第2页.png").write_bytes((folder / "第10页.png").read_bytes())
    assert document_sha256(folder) != before
    (folder / "说明.txt").write_text("x")
    with pytest.raises(Refusal, match="directory"):
        kind_of(folder)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IEND", b"")


def a_picture(ending: str, folder: Path) -> bytes:
    path = folder / f"whole.{ending}"
    page("RGB").save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: png(60_000, 60_000, chunk(b"IDAT", zlib.compress(bytes(1000)))), "too_large"),
        (lambda: png(12_000, 10_000, chunk(b"IDAT", zlib.compress(bytes(1000)))), "too_large"),
        (lambda: png(4, 4, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8)))), "damaged"),
        (lambda: png(0, 4), "damaged"),
        (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0", "damaged"),
        (
            lambda: b"II*\x00\x08\0\0\0" + b"\1\0" + struct.pack("<HHII", 256, 3, 1, 1) + bytes(4),
            "damaged",
        ),
        (lambda: b"II*\x00\x08\0\0\0", "damaged"),
    ],
)
def test_bombs_and_empty_shells_are_refused(
    made: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    path = tmp_path / "图.png"
    path.write_bytes(made())
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == code
    assert "图.png" in refused.value.zh


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tif"])
def test_a_picture_cut_off_is_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"图.{ending}"
    data = a_picture(ending, tmp_path)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(Refusal) as refused:
        as_pdf(path, tmp_path / "made.pdf")
    assert refused.value.code == "damaged"


def test_more_pages_than_are_read(tmp_path: Path) -> None:
    path = tmp_path / "many.tif"
    blank = Image.new("1", (2, 2))
    blank.save(path, save_all=True, append_images=[blank] * MOST_SCANNED)
    with pytest.raises(Refusal) as refused:
        as_pdf(path, tmp_path / "made.pdf")
    assert refused.value.code == "too_many_pages"


def test_a_large_picture_is_made_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", 120 * 170 // 4)
    path = tmp_path / "page.png"
    page().save(path)
    with pypdfium2.PdfDocument(as_pdf(path, tmp_path / "made.pdf")) as pdf:
        (drawn,) = pdf[0].get_objects()
        assert drawn.get_px_size() == (60, 85)
        assert pdf[0].get_size()[0] == pytest.approx(8.27 * 72, rel=0.01)
