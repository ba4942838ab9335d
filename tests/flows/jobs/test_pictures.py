"""A notice received as pictures of its pages: landed as its print, shown on the pictures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from common.refusal import Refusal
from extract.files.pictures import document_sha256
from extract.scan.pages import engine_installed
from flows.jobs.batch.run import ingest
from flows.jobs.doctor.raw_data import check_raw
from flows.jobs.ingest import Order
from flows.jobs.review import Request, review
from flows.jobs.sidecar.document import locate
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.samples import short_sample
from tests.support.workshop.scanning import Scanner, pictures
from warehouse.reading import read_tables

SAME = ["serial_no", "entity", "level1", "level2", "indicator", "target_text", "target_value"]


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A small notice on two small pages."""
    notice = fitted(short_sample(), CLASSIC)
    return draw(notice, grid_of(notice, CLASSIC), tmp_path, PdfStyle(front_page=False, body=50))


@pytest.mark.skipif(not engine_installed(), reason="the extra kaohe[scan] is not installed")
def test_pictures_in_a_folder_land_as_their_print(printed: Path, tmp_path: Path) -> None:
    home = pictures(printed, tmp_path / "raw" / "notices" / "seen", Scanner(dpi=150, skew=0.3))
    sha256 = document_sha256(home)
    (home / "source.toml").write_text(f'sha256 = "{sha256}"\n', encoding="utf-8")
    warehouse = tmp_path / "tables"
    for source, name in ((printed, "printed"), (home, None)):
        ingest(Order(source, warehouse, name, cross_check=False), lambda _: None)
    tables = read_tables(warehouse, ("notices", "targets", "findings"))
    ours, theirs = (
        tables["targets"].query(f"document_id == '{name}'") for name in ("seen", "printed")
    )
    pd.testing.assert_frame_equal(
        ours[SAME].reset_index(drop=True), theirs[SAME].reset_index(drop=True)
    )
    for edge in ("x0", "top", "x1", "bottom"):  # points of the picture, which states no size
        part = ours[edge].to_numpy() / theirs[edge].to_numpy()
        assert part.max() - part.min() < 0.1
    notice = tables["notices"].set_index("document_id").loc["seen"]
    assert (notice.source_format, notice.source_name, notice.source_sha256) == (
        "picture", "seen", sha256,
    )  # fmt: skip

    reviewed = review(Request(warehouse, "seen", home, tmp_path / "page"), lambda _: None)
    assert reviewed.pictures == notice.pages
    assert reviewed.remark is None
    said = {check.code: check.state for check in check_raw(tmp_path / "raw", warehouse)}
    assert said["notices"] == "ok"
    assert "notices_changed" not in said


def test_a_folder_of_pictures_and_something_else_is_not_one_document(
    printed: Path, tmp_path: Path
) -> None:
    home = pictures(printed, tmp_path / "seen", Scanner(dpi=40))
    assert locate(home).path == home
    (home / "notice.pdf").write_bytes(printed.read_bytes())
    with pytest.raises(Refusal) as refused:
        locate(home)
    assert refused.value.code == "not_one_document"
    for page in home.glob("*.png"):
        page.unlink()
    assert locate(home).path == home / "notice.pdf"


def test_pictures_that_were_exchanged_are_refused(printed: Path, tmp_path: Path) -> None:
    home = pictures(printed, tmp_path / "seen", Scanner(dpi=40))
    (home / "source.toml").write_text(f'sha256 = "{document_sha256(home)}"\n', encoding="utf-8")
    assert locate(home).meta.sha256 is not None
    first, last = sorted(home.glob("*.png"))[:: len([*home.glob("*.png")]) - 1]
    first.write_bytes(last.read_bytes())
    with pytest.raises(Refusal) as refused:
        locate(home)
    assert refused.value.code == "sha256_differs"
