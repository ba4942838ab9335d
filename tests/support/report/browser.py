"""Debian's Chromium on a page of files, with everything that could go wrong kept in a list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
#: Thousandths of a second that only a page that hangs lets pass.
PATIENCE = 300_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with a fresh profile; it ends with the block."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page opened from disk; ``troubles`` holds its errors, dialogs and foreign requests."""

    def __init__(self, browser: Browser, file: Path, width: int = 1440, height: int = 900) -> None:
        self.troubles: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        folder = file.parent.as_uri()
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on(
            "console",
            lambda said: (
                self.troubles.append(f"{said.type}: {said.text}")
                if said.type in {"error", "warning"}
                else None
            ),
        )
        self.page.on("dialog", self._refuse)
        self.page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(folder)
                else self.troubles.append(f"request: {request.url}")
            ),
        )
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body[data-ready]")

    def _refuse(self, dialog: object) -> None:
        self.troubles.append("dialog")
        dialog.dismiss()  # type: ignore[attr-defined]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def seen(self, selector: str, within: str) -> bool:
        """Say whether an element lies inside its scrolling pane's window."""
        script = """([selector, within]) => new Promise((done) => requestAnimationFrame(() => {
            const box = document.querySelector(selector).getBoundingClientRect();
            const pane = document.querySelector(within).getBoundingClientRect();
            done(box.width > 0 && box.top >= pane.top - 2 && box.bottom <= pane.bottom + 2
                && box.left < pane.right && box.right > pane.left);
        }))"""
        return bool(self.page.evaluate(script, [selector, within]))


def broken(
    browser: Browser,
    pages: Sequence[str],
    width: int,
    scheme: Any,
    state: Any = None,
    key: str | None = None,
) -> list[str]:
    """Return what axe finds wrong, and pages that scroll aside; ``key`` is pressed before."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        storage_state=state,
        bypass_csp=True,  # axe is put into the page
    )
    page, found = context.new_page(), []
    for each in pages:
        page.goto(each)
        if key:
            page.keyboard.press(key)
        found += faults(page)
    context.close()
    return found


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong with a page as it is shown, and whether it scrolls aside."""
    where = f"{page.url} at {page.viewport_size}"
    aside = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    found = [f"{where} {each['id']}" for each in Axe().run(page).response["violations"]]
    return [*found, *([f"{where} scrolls aside"] if page.evaluate(aside) else [])]
