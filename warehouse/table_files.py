"""A snapshot's table files as a file system that DuckDB can read and nothing else can be done with.

SQL names them ``ro://<table>/year=<year>/<document>.parquet``. Every file is read whole, verified
against the manifest and served from memory.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fsspec.spec import AbstractFileSystem

from common.refusal import Refusal, refusal

if TYPE_CHECKING:
    import duckdb

    from warehouse.contents import Contents

PROTOCOL = "ro"
PREFIX = f"{PROTOCOL}://"
#: What a statement may hold beside the table files that it opens.
MEMORY = "2GiB"

#: Snapshots never change: DuckDB asks only whether a file is another than before.
_WRITTEN = datetime.fromtimestamp(0, UTC)


class TableFiles(AbstractFileSystem):  # type: ignore[misc]
    """The table files of a snapshot, reading only.

    DuckDB turns what is raised here into a text of its own, with a traceback; ``damage`` and
    ``refused`` keep what was meant: a file that is not as it was landed, and the first thing asked
    for that SQL cannot have.
    """

    protocol = PROTOCOL
    cachable = False
    root_marker = ""

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        self.contents = contents
        self.damage: Refusal | None = None
        self.refused: Refusal | None = None

    def info(self, path: str, **_: object) -> dict[str, object]:
        """Return name, size in bytes and kind of a table file; FileNotFoundError for any other."""
        name = self._strip_protocol(path)
        if name not in self.contents.names:
            raise FileNotFoundError(name)
        return {"name": name, "size": self.contents.size(name), "type": "file"}

    def glob(self, path: str, **_: object) -> list[str]:
        """Return the table file of this name: patterns find nothing here."""
        return [self._known(path)]

    def _open(self, path: str, mode: str = "rb", **_: object) -> io.BytesIO:
        name = self._known(path)
        if mode != "rb":
            raise self._refused(refusal("warehouse.not_a_table_file.writing", name=name))
        try:
            return io.BytesIO(self.contents.read(name))
        except Refusal as damage:
            self.damage = self.damage or damage
            raise

    def mkdir(self, path: str, *_: object, **__: object) -> None:
        """Refuse to make a folder."""
        raise self._refused(refusal("warehouse.not_a_table_file.writing", name=path))

    makedirs = rm = rm_file = mv = cp_file = touch = mkdir

    def created(self, path: str) -> datetime:
        """Return when a file was made, which is the same for all."""
        return self.modified(path)

    def modified(self, path: str) -> datetime:
        """Return when a file was last written, which is the same for all."""
        self._known(path)
        return _WRITTEN

    def _known(self, path: str) -> str:
        name = str(self._strip_protocol(path))
        if name not in self.contents.names:
            raise self._refused(refusal("warehouse.not_a_table_file.other", name=name[:200]))
        return name

    def _refused(self, reason: Refusal) -> Refusal:
        self.refused = self.refused or reason
        return reason


def confine(connection: duckdb.DuckDBPyConnection) -> None:
    """Take from a connection, for good, every right but to open the table files."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = ['{PREFIX}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
