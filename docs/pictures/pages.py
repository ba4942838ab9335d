"""Takes the picture of the heat map for the README.

Needs Chromium. Run from the project's folder after ``make demo``:

    .venv/bin/python docs/pictures/pages.py [out/demo]
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.report.browser import chromium  # noqa: E402

HERE = Path(__file__).parent
SHARPER = 1.25
_COLOURS = 200


def heat_map(page: Page) -> None:
    """Show the first indicators, under the filters."""
    page.evaluate("document.getElementById('detail').hidden = true")


PICTURES = {
    "heat-map.png": ("report/2020/heat.html", heat_map, (1280, 900)),
}


def main() -> None:
    """Take the pictures of what ``kaohe demo`` made."""
    demo = (ROOT / (sys.argv[1] if len(sys.argv) > 1 else "out/demo")).resolve()
    with chromium() as browser:
        for name, (path, prepare, (width, height)) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=SHARPER
            )
            page = context.new_page()
            page.goto((demo / path).as_uri())
            page.wait_for_selector("body[data-ready]")
            prepare(page)
            page.wait_for_timeout(400)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
            print(HERE / name, (HERE / name).stat().st_size // 1024, "KB")
            context.close()


if __name__ == "__main__":
    main()
