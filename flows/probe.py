"""An empty flow, run as a program by ``kaohe doctor --flow``: whether flows run at all here."""

from __future__ import annotations

from prefect import flow, task


@task
def one() -> int:
    """Return one."""
    return 1


@flow(name="doctor")
def probe() -> int:
    """Run one task."""
    return one()


if __name__ == "__main__":
    raise SystemExit(0 if probe() == 1 else 1)
