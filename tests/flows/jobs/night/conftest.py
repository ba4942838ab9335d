"""What a night publishes is looked at by its files and figures, never by its charts."""

from __future__ import annotations

import pytest

from tests.support.report.charts import leave_charts_out


@pytest.fixture(autouse=True)
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw none: they are the tests' of the site."""
    leave_charts_out(monkeypatch)
