"""Read .doc, .wps, .rtf, .odt, .ods and their like as LibreOffice saves them anew.

LibreOffice works on a copy under a name of ours, with a profile of its own in a folder that goes
with it: no macros, no links that are followed, no network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from common.files import sha256_of
from common.names import shown_name
from common.refusal import refusal
from extract.files.kinds import Kind, kind_of
from extract.notes import reader_note
from extract.office.docx import read_docx
from extract.office.old_word import end_with_paragraph, lost_formulas
from extract.office.xlsx import read_xlsx
from schemas.records.document import Document

_PROGRAMS = ("soffice", "libreoffice")
_MOST_SECONDS = 280  # less than a reading process may stand still
_DEEPEST = 1_000  # groups of an RTF file within each other, on which LibreOffice works for minutes
_DEAD_PORT = 9  # "discard": nobody listens there
_KEPT_MEMORY = str(1 << 30)  # else it gives back and asks for the same, a third of all its work
_TEXTS = frozenset({Kind.DOC, Kind.RTF, Kind.ODT})
_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
    "/org.openoffice.Inet/Settings": {
        "ooInetProxyType": "1",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": str(_DEAD_PORT),
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": str(_DEAD_PORT),
    },
}


def program() -> str | None:
    """Return where LibreOffice is, or None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def read_anew(path: Path) -> Document:
    """Return the document of a text or workbook of another form, by way of .docx or .xlsx.

    Raises ``Refusal`` where LibreOffice is missing or cannot open the file.
    """
    kind = kind_of(path)
    made, read = ("docx", read_docx) if kind in _TEXTS else ("xlsx", read_xlsx)
    with tempfile.TemporaryDirectory() as folder:
        document = read(_saved(path, kind, made, Path(folder)))
    lost = lost_formulas(path.read_bytes()) if kind in _TEXTS else 0
    notes = (reader_note("symbol.lost", count=lost),) if lost else ()
    return replace(
        document,
        notes=(*document.notes, *notes),
        source_name=shown_name(path.name),
        source_format=kind.value,
        source_sha256=sha256_of(path),
        reader=f"libreoffice, {document.reader}",
    )


def _saved(path: Path, kind: Kind, made: str, folder: Path) -> Path:
    """Let LibreOffice save a copy of the file in a form of today; return where."""
    office = program()
    if office is None:
        raise refusal("extract.needs_libreoffice", file=path.name, kind=kind.value)
    if kind is Kind.RTF and _depth(path.read_bytes()) > _DEEPEST:
        raise refusal("extract.too_large.rtf_nesting", file=path.name)
    copy = folder / f"document.{'xml' if _is_xml(path) else kind.value}"
    shutil.copyfile(path, copy)
    if kind is Kind.DOC:
        end_with_paragraph(copy, path.name)
    try:
        done = save_anew([copy], made, folder, office)
    except subprocess.TimeoutExpired as error:
        raise refusal("extract.libreoffice_failed", file=path.name, reason="timeout") from error
    saved = folder / "made" / f"document.{made}"
    if done.returncode or not saved.is_file():
        reason = done.stderr.decode(errors="replace").strip()[-200:] or "no file"
        raise refusal("extract.libreoffice_failed", file=path.name, reason=reason)
    (folder / "named").mkdir()
    return saved.rename(folder / "named" / path.name)  # so that refusals name what was handed in


def save_anew(
    copies: Sequence[Path], made: str, folder: Path, office: str
) -> subprocess.CompletedProcess[bytes]:
    """Let LibreOffice save copies in a form of today into ``made`` of a folder of their own."""
    profile = _profile(folder / "profile")
    command = [
        office, "--headless", "--norestore", "--nologo", "--nolockcheck", "--nofirststartwizard",
        f"-env:UserInstallation={profile.as_uri()}", "--convert-to", made,
        "--outdir", str(folder / "made"), *map(str, copies),
    ]  # fmt: skip
    proxy = f"http://127.0.0.1:{_DEAD_PORT}"
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8",
        "http_proxy": proxy, "https_proxy": proxy, "SAL_USE_VCLPLUGIN": "svp",
        "MALLOC_MMAP_THRESHOLD_": _KEPT_MEMORY, "MALLOC_TRIM_THRESHOLD_": _KEPT_MEMORY,
    }  # fmt: skip
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, check=False,
        stdin=subprocess.DEVNULL, timeout=_MOST_SECONDS,
    )  # fmt: skip


def _depth(data: bytes) -> int:
    """Return how deep the groups of an RTF file lie within each other."""
    ways = (1 if brace == b"{" else -1 for brace in re.findall(rb"(?<!\\)[{}]", data))
    return max(accumulate(ways), default=0)


def _is_xml(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml")


def _profile(home: Path) -> Path:
    """Make a profile in which no macro runs and no link is followed."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    (home / "user").mkdir(parents=True)
    (home / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )
    return home
