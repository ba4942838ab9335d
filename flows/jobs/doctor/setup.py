"""Whether the installation is one that works: Python, libraries, disk, and that a flow starts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from common.declared import declared
from common.files import workshop
from common.isolated import python_path
from common.refusal import Refusal
from flows.jobs.settings import config_path, read_settings
from schemas.records.health import Check, check, phrase

_LEAST_PYTHON = (3, 11)
LIBRARIES = (
    "pdfplumber", "camelot", "pypdfium2", "openpyxl", "lxml.etree", "tinycss2", "cssselect2",
    "pandas", "pandera.pandas", "pyarrow.parquet", "duckdb", "click", "prefect",
)  # fmt: skip
SCAN_LIBRARIES = ("rapidocr", "onnxruntime", "cv2")
#: Each of these overwrites the others' files.
_OPENCV = re.compile(r"opencv[-_](?:contrib[-_])?python(?:[-_]headless)?$", re.IGNORECASE)
ENOUGH_ROOM, LEAST_ROOM = 2e9, 2e8
_SECONDS = 120
IMPORT_PROBE = """
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        found[name] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""


def check_setup(places: Sequence[Path], *, flow: bool) -> Iterator[Check]:
    """Yield what is found of the installation; ``places`` are where there must be room.

    With ``flow`` an empty flow is run on a server of its own, in a folder that goes again.
    """
    yield _python()
    yield _versions()
    yield _conflicts()
    yield check_imports("libraries", LIBRARIES)
    yield _scan()
    yield _libreoffice()
    yield _timezone()
    yield _settings()
    if flow:
        yield _flow()
    yield from _rooms(places)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _LEAST_PYTHON:
        return check("flows.setup.python.old", version=found)
    return check("flows.setup.python.right", version=found, place=sys.executable)


def _versions() -> Check:
    """Hold what is installed against what the program asks for."""
    try:
        asked = metadata.requires("kaohe") or []
        own = metadata.version("kaohe")
    except metadata.PackageNotFoundError:
        return check("flows.setup.versions.not_installed")
    wrong = [text for each in asked if (text := _misfit(each)) is not None]
    if wrong:
        return check("flows.setup.versions.wrong", wrong="；".join(wrong))
    return check("flows.setup.versions.right", version=own)


def _misfit(asked: str) -> str | None:
    """Say in words what is wrong with the installed version; None where it fits."""
    from packaging.requirements import Requirement

    requirement = Requirement(asked)
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return None
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return phrase("flows.setup.missing", package=requirement.name)
    if requirement.specifier.contains(found, prereleases=True):
        return None
    asked_for = str(requirement.specifier)
    return phrase("flows.setup.misfit", package=requirement.name, version=found, asked=asked_for)


def _conflicts() -> Check:
    """Name packages that take each other's place."""
    names = sorted({str(each.metadata["Name"] or "") for each in metadata.distributions()})
    opencv = [name for name in names if _OPENCV.fullmatch(name)]
    impostors = declared(dict[str, str], "flows", "checks", "setup", "impostors")
    wrong = [
        phrase("flows.setup.impostor", package=name, why=impostors[name])
        for name in names
        if name in impostors
    ]
    if len(opencv) > 1:
        wrong.append(phrase("flows.setup.opencv", packages="、".join(opencv)))
    if wrong:
        return check("flows.setup.conflicts.wrong", wrong="；".join(wrong))
    return check("flows.setup.conflicts.right")


def check_imports(code: str, names: Sequence[str]) -> Check:
    """Import the libraries in a process of its own: one that crashes takes nothing along."""
    command = [sys.executable, "-c", IMPORT_PROBE, *names]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=_env()
        )
        failed = dict(json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return check(f"flows.setup.{code}.slow", seconds=_SECONDS)
    except (IndexError, ValueError):
        return check(f"flows.setup.{code}.crashed", code=done.returncode)
    if failed:
        named = (
            phrase("flows.setup.not_loaded", library=name, why=why[:160])
            for name, why in failed.items()
        )
        return check(f"flows.setup.{code}.failed", failed="；".join(named))
    return check(f"flows.setup.{code}.right", count=len(names))


def _env() -> dict[str, str]:
    return os.environ | {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


def _scan() -> Check:
    """Say whether scanned notices can be read."""
    from importlib.util import find_spec

    missing = [name for name in SCAN_LIBRARIES if find_spec(name) is None]
    if missing:
        return check("flows.setup.scan.missing", names="、".join(missing))
    return check_imports("scan", SCAN_LIBRARIES)


def _libreoffice() -> Check:
    """Say whether documents that only LibreOffice opens can be read."""
    from extract.files.kinds import usual_endings
    from extract.office.libreoffice import program

    office = program()
    if office is None:
        refused = "、".join(usual_endings("extract.office.libreoffice"))
        return check("flows.setup.libreoffice.missing", endings=refused)
    return check("flows.setup.libreoffice.right", place=office)


def _timezone() -> Check:
    """Say whether the schedule's time zone is known."""
    try:
        ZoneInfo("Asia/Shanghai")
    except (ZoneInfoNotFoundError, OSError):
        return check("flows.setup.timezone.missing")
    return check("flows.setup.timezone.right")


def _settings() -> Check:
    """Read ``kaohe.toml`` as a night does; what it calls may hold secrets and is not shown."""
    path = config_path()
    try:
        settings = read_settings(path)
    except (Refusal, OSError) as error:
        reason = error.zh if isinstance(error, Refusal) else str(error)
        return check("flows.setup.settings.wrong", reason=reason)
    if not path.is_file():
        return check("flows.setup.settings.absent")
    called = [
        *([phrase("flows.setup.command")] if settings.command else []),
        *([phrase("flows.setup.webhook")] if settings.webhook else []),
    ]
    if not called:
        return check("flows.setup.settings.silent", file=path)
    return check(
        "flows.setup.settings.right",
        file=path,
        called="和".join(called),
        occasions="、".join(settings.on),
    )


def _flow() -> Check:
    """Run an empty flow on a server of its own that keeps its records where they go again."""
    with workshop(Path(tempfile.gettempdir())) as home:
        own = {"PREFECT_HOME": str(home), "PYTHONPATH": python_path()}
        env = {name: value for name, value in _env().items() if name != "PREFECT_API_URL"} | own
        try:
            done = subprocess.run(
                [sys.executable, "-m", "flows.probe"],
                capture_output=True, text=True, timeout=_SECONDS, check=False, env=env, cwd=home,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return check("flows.setup.flow.slow", seconds=_SECONDS)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [phrase("flows.setup.silent")])[-1][:200]
        return check("flows.setup.flow.failed", last=last)
    return check("flows.setup.flow.right")


def _rooms(places: Sequence[Path]) -> Iterator[Check]:
    """Say how much room there is, once for each disk, and whether one may write there."""
    seen: set[int] = set()
    for place in places:
        folder = next(
            path for path in (place.absolute(), *place.absolute().parents) if path.exists()
        )
        if not os.access(folder, os.W_OK):
            yield check("flows.setup.writable.closed", folder=folder)
        device = folder.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _room(folder)


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    found = "full" if free < LEAST_ROOM else "little" if free < ENOUGH_ROOM else "right"
    return check(f"flows.setup.room.{found}", folder=folder, free=free / 1e9)
