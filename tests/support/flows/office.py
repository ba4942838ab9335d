"""An office that keeps the damaged notice of 2020 in its raw folder, and works with commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from flows.cli.main import cli
from tests.support.paths import ROOT

NOTICE = ROOT / "raw/notices/ziyang-2020-text"


def kaohe(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


class Office:
    """A folder of raw notices with the damaged notice, and a warehouse."""

    def __init__(self, folder: Path) -> None:
        self.notice = folder / "raw/notices/ziyang-2020-text"
        shutil.copytree(NOTICE, self.notice)
        (self.notice / "corrections.toml").unlink(missing_ok=True)
        self.warehouse = folder / "tables"

    def correct(self, text: str) -> None:
        (self.notice / "corrections.toml").write_text(text, encoding="utf-8")

    def ingest(self, *options: str) -> Result:
        return kaohe("ingest", self.notice, "--warehouse", self.warehouse, *options)

    def ask(self, sql: str) -> list[dict[str, Any]]:
        asked = kaohe("query", sql, "--json", "--warehouse", self.warehouse)
        assert asked.exit_code == 0, asked.output
        rows: list[dict[str, Any]] = json.loads(asked.stdout)
        return rows

    def open_findings(self) -> list[dict[str, Any]]:
        return self.ask(
            "SELECT * FROM findings WHERE state = 'open' AND severity IN ('error', 'warning')"
        )

    def current(self) -> str:
        return (self.warehouse / "CURRENT").read_text()
