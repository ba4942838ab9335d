"""A desk in a folder of its own, asked in this process as a browser would ask it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import uvicorn

from flows.desk.app import application
from flows.desk.shared.access import Access, Sessions, csrf_of
from flows.desk.shared.desk import Desk, DeskOrder
from flows.jobs.desk.memory import key_of
from flows.jobs.sidecar.document import locate
from schemas.records.document import Document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that another client may be used
    from starlette.testclient import TestClient

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from httpx import Response

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"


class Office:
    """One desk and a browser that is in; ``tokens`` are those that the terminal showed.

    ``portal`` is the loop of events that all run in, where a fixture has made one: else each
    request makes its own.
    """

    portal: ClassVar[BlockingPortal | None] = None

    def __init__(self, root: Path, *, read_only: bool = False, enter: bool = True) -> None:
        self.root = root
        self.tokens: list[str] = []
        order = DeskOrder(root / "tables", root / "raw", root / "out", PORT, read_only)
        sessions = Sessions("kaohe-desk", self.tokens.append)
        self.desk = Desk(order, sessions)
        self.app = Access(application(self.desk), PORT, sessions)
        self.client = self.browser()
        if enter:
            self.enter(self.client)

    @classmethod
    def of(cls, made: Path, root: Path, name: str, document: Document) -> Office:
        """Return one in a copy of a folder, to which a notice's document is known as read."""
        shutil.copytree(made, root, symlinks=True, dirs_exist_ok=True)
        office = cls(root)
        office.desk.memory.keep(key_of(locate(root / "raw/notices" / name)), document)
        return office

    def browser(self) -> TestClient:
        """Return another browser, which is not in yet."""
        browser = TestClient(self.app, base_url=ORIGIN, follow_redirects=False)
        browser.portal = self.portal
        return browser

    def enter(self, client: TestClient) -> Response:
        """Open the address that the terminal showed last."""
        return client.get(f"/enter?token={self.tokens[-1]}")

    @property
    def csrf(self) -> str:
        """The word that every change of the browser carries."""
        return csrf_of(self.desk.sessions.cookies[-1])

    def get(self, path: str, **more: Any) -> Response:
        """Ask for a page."""
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:
        """Ask for a change, as a page of the desk does."""
        headers = {"origin": ORIGIN} | more.pop("headers", {})
        return self.client.post(
            path, data={"csrf": self.csrf} | (data or {}), headers=headers, **more
        )

    def done(self, answer: Response, *, shown: bool = True) -> Response:
        """Wait for what was started; return the page that it leads to, or else where that is."""
        while answer.status_code == 303 and (shown or "/work/" in answer.headers["location"]):
            path = answer.headers["location"]
            task = self.desk.works.find(int(path.split("/")[2])) if "/work/" in path else None
            while task is not None and task.state == "running":
                time.sleep(0.002)
            answer = self.get(path)
        return answer


@contextmanager
def served(order: DeskOrder, at: int = 0) -> Iterator[str]:
    """Serve a desk for a real browser, ``at`` a port; gives the address that lets one in."""
    tokens: list[str] = []
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", at))
        listening.listen()
        port = listening.getsockname()[1]
        sessions = Sessions("kaohe-desk", tokens.append)
        app = Access(application(Desk(order, sessions)), port, sessions)
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}/enter?token={tokens[-1]}"
        finally:
            server.should_exit = True
            thread.join()
