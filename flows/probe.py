"""An empty flow, run as a program by ``kaohe doctor --flow``: whether flows run at all here.

Its server keeps its records in ``PREFECT_HOME``.
"""

from __future__ import annotations

import os
from pathlib import Path

from flows.own_server import own_server


def main() -> int:
    """Run a flow of one task; 0 where it came to its end."""
    with own_server(Path(os.environ["PREFECT_HOME"])):
        from prefect import flow, task

        @flow(name="doctor")
        def probe() -> int:
            return one()

        @task
        def one() -> int:
            return 1

        return 0 if probe() == 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
