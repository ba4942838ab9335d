"""The desk's server: silent connections, folders that are not there, what a killed desk left."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner

from flows.cli.main import cli
from flows.desk.shared import connections, desk
from flows.desk.shared.connections import PromptProtocol
from tests.support.flows.desk import Office

PATIENCE = 600.0  # seconds that only a hang lets pass


async def _answer_among(silent: int) -> bytes:
    """Return the answer to one request among connections that say nothing, once all have ended."""

    async def app(scope: object, receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})

    config = uvicorn.Config(app, http=PromptProtocol, lifespan="off", log_level="critical")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        port = listening.getsockname()[1]
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(silent)]
        for _, writer in held:
            writer.write(b"GET / HTTP/1.1\r\nHost:")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        while server.server_state.connections:
            await asyncio.sleep(0.05)
        for _, each in held:
            each.close()
        server.should_exit = True
        await task
    return answer


def test_half_open_connections_make_nobody_wait_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_AT_ONCE", 40)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    answer = asyncio.run(asyncio.wait_for(_answer_among(100), PATIENCE))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"here" in answer


def test_a_raw_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["desk", "--raw", str(tmp_path / "nope")])
    assert done.exit_code == 1
    assert "不存在，没有打开工作台" in done.output


def test_what_a_killed_desk_drew_is_swept_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PICTURES", tmp_path)
    left = tmp_path / ".kaohe-making-0123456789ab"
    left.mkdir()
    (left / "page-1.webp").write_bytes(b"x")
    place = Office(tmp_path / "office").desk.drawn.place()
    assert place.is_dir()
    assert not left.exists()
