"""The current snapshot is put outside of the warehouse: into a folder or an object store.

Every file is named by the hash of its content and never changed; ``MANIFEST.json`` names those of
one snapshot and is put last, as one object. Who reads what it names sees the old state or the new
one. What a manifest no longer names stays until the next time, for those who read it still.

A place that holds another publication is left alone: an earlier one of these tables names one of
their documents, or holds a file of theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from common.files import sha256_of, sha256_of_bytes, write_atomically
from common.refusal import refusal
from flows.jobs.ingest import Progress, code_version
from schemas.tables.package import PACKAGE
from schemas.tables.registry import NOTICES
from warehouse.contents import Contents
from warehouse.files import package_of
from warehouse.manifest import MANIFEST
from warehouse.snapshots import require_snapshot, warehouse_of

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_OURS = re.compile(r"files/[a-z][a-z0-9_]*/year=[0-9]{1,4}/[0-9a-f]{64}\.parquet")


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file as the manifest names it: table, year, bytes, SHA-256."""

    file: str
    table: str
    year: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: files put anew, those there already, those taken away."""

    destination: str
    snapshot: str
    put: int
    there: int
    removed: int

    def as_json(self) -> dict[str, object]:
        """Return it in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return it for a person."""
        return (
            f"已发布 published {self.snapshot}: {self.destination}\n"
            f"  新传 put {self.put}　已有 unchanged {self.there}　删除 removed {self.removed}"
        )


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder or a part of an object store; ``shown`` names it without what is secret."""

    files: FileSystem
    base: str
    shown: str
    folder: Path | None

    @classmethod
    def of(cls, named: str) -> Destination:
        """Return what a path or an address stands for; Refusal where it is no place to write to."""
        from pyarrow import ArrowInvalid
        from pyarrow.fs import LocalFileSystem

        if "://" not in named:
            folder = Path(named).absolute()
            if (warehouse := warehouse_of(folder)) is not None:
                raise refusal("flows.into_warehouse", path=folder, warehouse=warehouse)
            return cls(LocalFileSystem(), str(folder), str(folder), folder)
        parts = urlsplit(named)
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        if parts.scheme != "s3":  # others would be looked for in the network
            raise refusal("flows.no_destination", place=shown, error=parts.scheme)
        try:
            files, base = filesystem_of(named)
        except OSError as error:  # of the form that it should have
            reason = _without_secrets(str(error).partition("\n")[0], parts)
            raise refusal("flows.no_object_store", place=shown, reason=reason) from None
        except (ArrowInvalid, ValueError) as error:
            raise refusal("flows.no_destination", place=shown, error=type(error).__name__) from None
        if not base.strip("/"):
            raise refusal("flows.no_destination", place=shown, error="no bucket")
        return cls(files, base.rstrip("/"), shown, None)

    def place(self, name: str) -> str:
        """Return the path of a file in it."""
        return f"{self.base}/{name}"

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None where there is none."""
        try:
            with self.files.open_input_file(self.place(name)) as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all: nobody sees an object before it is closed."""
        if self.folder is not None:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
            return
        with self.files.open_output_stream(self.place(name)) as file:
            file.write(content)

    def has(self, named: Iterable[PublishedFile]) -> set[str]:
        """Return which files are there, whole; of an object store's those of the right size."""
        if self.folder is not None:
            return {each.file for each in named if _is_whole(self.folder / each.file, each)}
        wanted = list(named)
        found = self.files.get_file_info([self.place(each.file) for each in wanted])
        pairs = zip(wanted, found, strict=True)
        return {each.file for each, about in pairs if about.is_file and about.size == each.size}


def _is_whole(path: Path, named: PublishedFile) -> bool:
    if not path.is_file() or path.stat().st_size != named.size:
        return False
    return sha256_of(path) == named.sha256


def filesystem_of(named: str) -> tuple[FileSystem, str]:
    """Return an object store and the path in it; OSError where it cannot be reached."""
    from pyarrow.fs import FileSystem

    files, base = FileSystem.from_uri(named)
    return files, str(base)


def _without_secrets(reason: str, parts: SplitResult) -> str:
    """Return what an object store says, without the keys of its address and what is asked of it."""
    login = parts.netloc.rpartition("@")[0]
    secrets = [login, *login.split(":"), parts.query, *(unquote(each) for each in login.split(":"))]
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        reason = reason.replace(secret, "***")
    return reason[:300]


def publish(warehouse: Path, named: str, progress: Progress) -> Published:
    """Put the current snapshot to a destination; the whole of ``kaohe publish``.

    Only files that are not there yet travel, each verified when it is read here. Killed anywhere it
    leaves the old state, and the next time goes on. Raises Refusal where nothing is landed, a table
    file is damaged, or the destination cannot be written to or holds what others published.
    """
    contents = Contents(require_snapshot(warehouse))
    destination = Destination.of(named)
    try:
        return _published(contents, destination, progress)
    except OSError as error:
        reason = str(error).partition("\n")[0][:300]
        raise refusal("flows.not_published", place=destination.shown, reason=reason) from error


def _published(contents: Contents, destination: Destination, progress: Progress) -> Published:
    before = _manifest(destination)
    files = dict(_files(contents))
    there = destination.has(files.values())
    documents = [each for _, ids in sorted(contents.documents.items()) for each in ids]
    _require_ours(destination, before, documents, there)
    missing = [name for name, each in files.items() if each.file not in there]
    for number, name in enumerate(missing, start=1):
        progress(f"{number} of {len(missing)}: {name}")
        destination.put(files[name].file, contents.read(name))
    now = {each.file for each in files.values()}
    if _named(before, "files") == now:  # nothing new: the readers of the one before go on
        superseded, gone = sorted(_named(before, "superseded") - now), []
    else:
        superseded = sorted(_named(before, "files") - now)
        gone = sorted(_named(before, "superseded") - now - set(superseded))
    paths = {name: each.file for name, each in files.items()}
    destination.put(PACKAGE, package_of(contents, paths))
    about = {"snapshot": contents.snapshot.name, "superseded": superseded, "documents": documents}
    destination.put(MANIFEST, _sealed(files.values(), about))
    for file in gone:
        _remove(destination, file)
    put = len(missing)
    return Published(destination.shown, contents.snapshot.name, put, len(files) - put, len(gone))


def _files(contents: Contents) -> Iterator[tuple[str, PublishedFile]]:
    """Yield the files of a snapshot by their names in it."""
    for name in sorted(contents.names):
        table, part, _ = name.split("/")
        if contents.entries is not None:
            size, digest = contents.entries[name].size, contents.entries[name].sha256
        else:
            content = contents.read(name)
            size, digest = len(content), sha256_of_bytes(content)
        place = f"files/{table}/{part}/{digest}.parquet"
        year = int(part.removeprefix("year="))
        yield name, PublishedFile(place, table, year, size, digest)


def _sealed(files: Iterable[PublishedFile], about: Mapping[str, object]) -> bytes:
    """Return the manifest, one line a file; its last key is the SHA-256 of all before that key."""
    lines = ",\n".join(json.dumps(asdict(each)) for each in files)
    others = json.dumps({**about, "program": code_version()})
    text = f'{{"files": [\n{lines}\n],\n{others[1:-1]}'.encode()
    return text + b',\n"sha256": "' + sha256_of_bytes(text).encode() + b'"}\n'


def _manifest(destination: Destination) -> Mapping[str, object]:
    """Return what was published before; nothing where there is none that can be read."""
    try:
        content = json.loads(destination.read(MANIFEST) or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _require_ours(
    destination: Destination,
    before: Mapping[str, object],
    documents: Iterable[str],
    there: Iterable[str],
) -> None:
    """Refuse a place where something else than these documents is published."""
    named = before.get("documents")
    names_ours = isinstance(named, list) and not {*documents}.isdisjoint(map(str, named))
    if names_ours or any(each.startswith(f"files/{NOTICES.name}/") for each in there):
        return
    for name in (MANIFEST, PACKAGE):
        if destination.read(name) is not None:
            raise refusal("flows.others_publication", place=destination.shown, file=name)


def _named(manifest: Mapping[str, object], key: str) -> set[str]:
    """Return the files that a manifest names, of those that we would have written."""
    listed = manifest.get(key)
    names = [
        each.get("file") if isinstance(each, dict) else each
        for each in (listed if isinstance(listed, list) else ())
    ]
    return {name for name in names if isinstance(name, str) and _OURS.fullmatch(name)}


def _remove(destination: Destination, file: str) -> None:
    try:
        destination.files.delete_file(destination.place(file))
    except FileNotFoundError:
        return
