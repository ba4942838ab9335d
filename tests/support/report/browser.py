"""Debian's Chromium on a page of files, with everything that could go wrong kept in a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.support.paths import CHROMIUM

#: Thousandths of a second that only a page that hangs lets pass.
PATIENCE = 300_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # drawing without one takes no process
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt,--no-maglev",  # what runs once is not worth compiling well
]
_FAULTS_OF_WHOLE = """() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    const wrong = { aside: scrollWidth > clientWidth, "id twice": ids.length > new Set(ids).size };
    return Object.keys(wrong).filter((each) => wrong[each]);
}"""
_THIN = """() => {
    const kinds = new Map(), seen = new Set();
    for (const each of document.body.querySelectorAll("*")) {
        const { color, backgroundColor, fontSize } = getComputedStyle(each);
        const said = each.getAttributeNames().map((name) => [name, !each.getAttribute(name)]);
        const names = [each.tagName, ...["class", "role"].map((name) => each.getAttribute(name))];
        const look = [color, backgroundColor, fontSize, each.checkVisibility()];
        const empty = each.textContent.trim() === "", above = kinds.get(each.parentElement);
        kinds.set(each, [...names, ...said, ...look, empty, above].join(" "));
    }
    const isSeen = (part) => seen.has(kinds.get(part));
    const thin = (each) => {
        const parts = [each, ...each.querySelectorAll("*")];
        const tied = each.matches("td, th, dt, dd, label");
        if (parts.every(isSeen) && !tied) return each.remove();
        const whole = tied || each.matches("a, button, select, summary, h1, h2, h3");
        (whole ? parts : [each]).forEach((part) => seen.add(kinds.get(part)));
        if (!whole) [...each.children].forEach(thin);
    };
    [...document.body.children].forEach(thin);
}"""
"""Of what is alike in all but its words, one stays: axe looks at every element for itself."""
_FAULTS = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.map((each) => each.id);
}"""
_FREE: WeakKeyDictionary[Browser, list[Page]] = WeakKeyDictionary()
"""Windows of each browser in which nothing is open."""


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
    """One page opened from disk; ``troubles`` holds its errors, dialogs and foreign requests.

    Once closed, its window is the next visit's, with nothing left in it: to open a window takes
    five times as long as to load a page into it.
    """

    def __init__(self, browser: Browser, file: Path, width: int = 1440, height: int = 900) -> None:
        self.troubles: list[str] = []
        self._folder = file.parent.as_uri()
        self._free = _FREE.setdefault(browser, [])
        self.page: Page = self._free.pop() if self._free else browser.new_context().new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE)
        self._heard: dict[Any, Any] = {
            "pageerror": lambda error: self.troubles.append(f"error: {error}"),
            "console": self._listen,
            "dialog": self._refuse,
            "request": self._watch,
        }
        for event, hear in self._heard.items():
            self.page.on(event, hear)
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body[data-ready]")

    def close(self) -> None:
        """Leave the page, which no longer does anything from then on, and let go of the window."""
        self.page.goto("about:blank")
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        self.page.context.clear_permissions()
        self.page.emulate_media(media="null", color_scheme="null")
        self.page.mouse.move(0, 0)
        self._free.append(self.page)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.troubles.append(f"{said.type}: {said.text}")

    def _refuse(self, dialog: Dialog) -> None:
        self.troubles.append("dialog")
        dialog.dismiss()

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self._folder, "about:blank")):
            self.troubles.append(f"request: {request.url}")

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
    looks: Sequence[tuple[int, Any]] = ((1440, "light"), (390, "dark")),
    state: Any = None,
    key: str | None = None,
) -> list[str]:
    """Return what axe finds wrong, ids twice and pages that scroll aside, by width and scheme.

    ``key`` is pressed before.
    """
    context = browser.new_context(storage_state=state, bypass_csp=True)  # axe is put into the page
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    found: list[str] = []

    def look(script: str, at: Iterable[tuple[int, Any]]) -> None:
        for width, scheme in at:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found.extend(f"{each} at {width} {fault}" for fault in page.evaluate(script))

    for each in pages:
        page.goto(each)
        if key:
            page.keyboard.press(key)
        look(_FAULTS_OF_WHOLE, looks)
        page.evaluate(_THIN)
        look(_FAULTS, reversed(looks))
    context.close()
    return found
