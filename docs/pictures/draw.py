"""Draws notice-to-rows.png: a page of the bundled notice, and rows that came out of it.

Needs Chromium. Run from the project's folder after ``make demo``:

    .venv/bin/python docs/pictures/draw.py
"""

from __future__ import annotations

import base64
import html
import io
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from warehouse.query import query

ROOT = Path(__file__).resolve().parents[2]
NOTICE = ROOT / "raw/notices/ziyang-2020/calc.pdf"
PICTURE = Path(__file__).with_name("notice-to-rows.png")
SIZE = (1480, 520)
PAGE = 1
SQL = f"""
SELECT serial_no AS no, level2, indicator, unit, weight_group AS "group", entity,
       max_points AS points, target_text, operator AS op, target_value AS value,
       target_unit AS "in", page, round(x0) AS x0, round(top) AS top
FROM targets WHERE document_id = 'ziyang-2020' AND entity IN ('雁江区', '高新区')
  AND status = 'assessed' AND page = {PAGE + 1} ORDER BY serial_no, entity DESC LIMIT 24
"""
STYLE = """
body { margin: 0; padding: 14px; display: flex; gap: 14px; align-items: flex-start;
       font: 11.5px 'Noto Sans CJK SC', sans-serif; color: #222; background: #fff }
figure { margin: 0 } figcaption { font-weight: 600; padding-bottom: 6px }
img { width: 620px; border: 1px solid #bbb }
table { border-collapse: collapse } th { text-align: left; border-bottom: 2px solid #444 }
td, th { padding: 1.5px 5px; white-space: nowrap; border-bottom: 1px solid #ddd;
         max-width: 150px; overflow: hidden; text-overflow: ellipsis }
.number { text-align: right }
"""


def page_as_png() -> bytes:
    """Return a page of the notice as a picture, without its margins."""
    page = pypdfium2.PdfDocument(NOTICE)[PAGE]
    image = page.render(scale=2).to_pil()
    left, top, right, bottom = ImageOps.invert(image.convert("L")).getbbox() or (0, 0, *image.size)
    image = image.crop((left - 10, top - 10, right + 10, bottom + 10))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def rows_as_html() -> str:
    """Return the rows as an HTML table."""
    result = query(ROOT / "warehouse/tables", SQL)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in result.columns)
    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in result.rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def cell(value: object) -> str:
    """Return one value as a cell of HTML; nothing for null."""
    if value is None:
        return "<td></td>"
    if isinstance(value, (int, float)):
        return f'<td class="number">{value:g}</td>'
    return f"<td>{html.escape(str(value))}</td>"


def main() -> None:
    """Draw the picture and make it small."""
    source = base64.b64encode(page_as_png()).decode()
    text = (
        f"<!doctype html><meta charset='utf-8'><style>{STYLE}</style>"
        f"<figure><figcaption>in: a page of the notice</figcaption>"
        f"<img src='data:image/png;base64,{source}'></figure>"
        f"<figure><figcaption>out: targets, one row an indicator and entity</figcaption>"
        f"{rows_as_html()}</figure>"
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(text, encoding="utf-8")
        shot = Path(folder) / "shot.png"
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--hide-scrollbars"),
                f"--window-size={SIZE[0]},{SIZE[1]}",
                f"--screenshot={shot}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        with Image.open(shot) as image:
            image.convert("RGB").quantize(32).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
