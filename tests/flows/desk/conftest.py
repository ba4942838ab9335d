"""One loop of events for all desks of a file: to make one takes as long as most answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal

from tests.support.flows.desk import Office


@pytest.fixture(scope="module", autouse=True)
def portal() -> Iterator[None]:
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Office, "portal", portal)
        yield
