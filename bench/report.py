"""Measures the report site: how long it takes to make, how heavy its pages are, how soon one sees.

The site is of three years and twenty entities (made of the bundled notice, with made-up returns).
"First view" is the first contentful paint of a page opened from disk in headless Chromium with a
fresh profile; "weight" is the page with all that it loads. Pages take turns, each several times.

    .venv/bin/python bench/report.py [--years 3] [--entities 20] [--repeat 3] [--write]

``--write`` puts the table into docs/report.md, and does not where the machine has other work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lxml import html  # noqa: E402

from bench.idle import Taken, require_idle, spread  # noqa: E402
from bench.marked import write_part  # noqa: E402
from flows.jobs.site.report import ReportOrder, make_report  # noqa: E402
from tests.support.report.browser import chromium  # noqa: E402
from tests.support.report.landed import CALC  # noqa: E402
from tests.support.report.scored import broaden, scored_warehouse  # noqa: E402

PAGE = ROOT / "docs" / "report.md"
KINDS = {
    "index of years": "index.html",
    "year at a glance": "{}/index.html",
    "heat map": "{}/heat.html",
    "progress": "{}/progress.html",
    "rank stability": "{}/stability.html",
    "departments": "{}/departments.html",
    "assumptions": "{}/assumptions.html",
    "entities": "{}/e/*.html",
    "indicators": "{}/i/*.html",
    "departments' own": "{}/d/*.html",
}
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) =>
    done(list.getEntriesByName('first-contentful-paint')[0]?.startTime))
    .observe({type: 'paint', buffered: true}))"""


def weight(page: Path) -> int:
    root = html.document_fromstring(page.read_bytes().decode())
    loaded = root.xpath("//img/@src | //script/@src | //link/@href")
    files = {page.resolve(), *((page.parent / each).resolve() for each in loaded)}
    return sum(file.stat().st_size for file in files)


def first_views(pages: Sequence[Path], repeat: int) -> list[list[float]]:
    """Return milliseconds until something of each page is seen; pages take turns."""
    seen: list[list[float]] = [[] for _ in pages]
    with chromium() as browser:
        for number in range(repeat):
            for page, times in list(zip(pages, seen, strict=True))[:: -1 if number % 2 else 1]:
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                tab = context.new_page()
                tab.goto(page.as_uri())
                times.append(float(tab.evaluate(PAINTED)))
                context.close()
    return seen


def measured(folder: Path, year: str, repeat: int) -> list[str]:
    """Return a row a kind of page."""
    kinds = {name: sorted(folder.glob(pattern.format(year))) for name, pattern in KINDS.items()}
    heaviest = [max(pages, key=weight) for pages in kinds.values()]
    views = first_views(heaviest, repeat)
    return [
        f"| {name} | {len(pages)} | {weight(page) / 1024:.0f} | {spread(times, 0)} |"
        for (name, pages), page, times in zip(kinds.items(), heaviest, views, strict=True)
    ]


def report(years: int, entities: int, repeat: int) -> str:
    taken = Taken()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scored_warehouse(CALC, folder / "tables", "demo-2020")
        wanted = range(2021, 2021 + years)
        broaden(folder / "tables", "demo-2020", wanted, entities)
        for number in range(2):
            order = ReportOrder(wanted[-1], folder / "tables", folder / f"out-{number}")
            with taken.once():
                made = make_report(order, lambda _: None)
        rows = measured(folder / "out-0", str(wanted[-1]), repeat)
    return "\n".join(
        [
            f"{years} years of {entities} entities and a fourth of 5: {made.pages} pages, "
            f"{made.size_kb / 1024:.0f} MB with workbooks, made twice in {spread(taken.wall, 0)} "
            f"s, {spread(taken.cpu, 0)} s of processors.",
            "",
            f"| page (heaviest of its kind, a year of {entities}) | pages | weight KB "
            "| first view ms (least-most) |",
            "|---|--:|--:|--:|",
            *rows,
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--entities", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if chosen.write:
        require_idle()
    table = report(chosen.years, chosen.entities, chosen.repeat)
    print(table)
    if chosen.write:
        write_part(PAGE, "report", table)


if __name__ == "__main__":
    main()
