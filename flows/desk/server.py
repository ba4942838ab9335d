"""``kaohe desk``: the application on a port of this machine, until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress

from common.files import sweep
from flows.desk.app import application
from flows.desk.shared.access import ENTER, Access, Sessions
from flows.desk.shared.desk import PICTURES, Desk, DeskOrder
from flows.jobs.ingest import Progress, load_libraries
from flows.processes import listen


def serve_desk(order: DeskOrder, progress: Progress) -> None:
    """Serve the desk until it is interrupted. Refusal where the port is taken."""
    import uvicorn

    from flows.desk.shared.connections import PromptProtocol

    with listen(order.port) as listening:
        port = listening.getsockname()[1]
        sessions = Sessions(
            f"kaohe-desk-{port}",
            lambda token: progress(f"工作台 desk: http://127.0.0.1:{port}{ENTER}?token={token}"),
        )
        progress("每个地址只能用一次，请勿转给他人；按 Ctrl-C 结束。Stop it with Ctrl-C.")
        sweep(PICTURES)
        load_libraries()
        desk = Desk(order, sessions)
        config = uvicorn.Config(
            Access(application(desk), port, sessions),
            http=PromptProtocol,
            log_level="critical",  # what the desk has to say it says itself
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=5,
        )
        with desk.drawn.own, suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
