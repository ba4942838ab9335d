"""Takes the pictures of the desk for the README: the year, the review, the answer to an appeal.

Needs Chromium. Run from the project's folder after ``make demo``:

    .venv/bin/python docs/pictures/desk.py [out/demo [warehouse/tables]]
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from flows.desk.shared.desk import DeskOrder  # noqa: E402
from tests.support.flows.desk import served  # noqa: E402
from tests.support.report.browser import chromium  # noqa: E402

HERE = Path(__file__).parent
NAME = "ziyang-2020"
SHARPER = 1.25
_COLOURS = 200
_PATIENCE = 120_000


def as_it_is(page: Page) -> None:
    """Show the page as it opens."""


def review(page: Page) -> None:
    """Show a finding with what it points to, before it is decided."""
    page.wait_for_selector("body[data-ready]", timeout=_PATIENCE)
    page.locator("#findings .finding", has_text="目标值").first.click()
    page.locator("main .zoom button", has_text="适合宽度").click()


PICTURES = {
    "desk-year.png": ("/", as_it_is, (1120, 810)),
    "desk-review.png": (f"/review/{NAME}/", review, (1440, 860)),
    "desk-answer.png": (f"/scores/{NAME}/answer?serial_no=1&entity=雁江区", as_it_is, (1120, 1180)),
}


def main() -> None:
    """Take the pictures of the year that ``kaohe demo`` made."""
    named = [ROOT / each for each in sys.argv[1:]]
    demo, warehouse = (*named, *[ROOT / "out/demo", ROOT / "warehouse/tables"][len(named) :])
    with served(DeskOrder(warehouse, demo / "raw", demo)) as address, chromium() as browser:
        context = browser.new_context(device_scale_factor=SHARPER, locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        for name, (path, prepare, (width, height)) in PICTURES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address.partition("/enter")[0] + path)
            page.wait_for_url(f"**{path.partition('?')[0]}*", timeout=_PATIENCE)
            prepare(page)
            page.wait_for_timeout(400)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
            print(HERE / name, (HERE / name).stat().st_size // 1024, "KB")


if __name__ == "__main__":
    main()
