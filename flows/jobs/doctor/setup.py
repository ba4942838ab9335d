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

from common.files import workshop
from common.isolated import python_path
from common.names import shown_name
from common.refusal import Refusal
from flows.jobs.settings import config_path, read_settings
from schemas.records.health import Check, State

AREA = "安装"

_LEAST_PYTHON = (3, 11)
LIBRARIES = (
    "pdfplumber", "camelot", "pypdfium2", "openpyxl", "lxml.etree", "tinycss2", "cssselect2",
    "pandas", "pandera.pandas", "pyarrow.parquet", "duckdb", "click", "prefect",
)  # fmt: skip
SCAN_LIBRARIES = ("rapidocr", "onnxruntime", "cv2")
#: Each of these overwrites the others' files.
_OPENCV = re.compile(r"opencv[-_](?:contrib[-_])?python(?:[-_]headless)?$", re.IGNORECASE)
#: Packages of other people under names that look like ours.
_IMPOSTORS = {"pdfplumber-rs": "会顶替 pdfplumber", "ducklake": "与 DuckLake 无关的同名包"}
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
_REINSTALL = "请按 docs/operate.md 的“安装”重新安装。"


def check_setup(places: Sequence[Path], *, flow: bool) -> Iterator[Check]:
    """Yield what is found of the installation; ``places`` are where there must be room.

    With ``flow`` an empty flow is run on a server of its own, in a folder that goes again.
    """
    yield _python()
    yield _versions()
    yield _conflicts()
    yield check_imports("libraries", "依赖库", LIBRARIES)
    yield _scan()
    yield _libreoffice()
    yield _timezone()
    yield _settings()
    if flow:
        yield _flow()
    yield from _rooms(places)


def _check(code: str, state: State, name_zh: str, found_zh: str, todo_zh: str = "") -> Check:
    return Check(AREA, code, state, name_zh, found_zh, todo_zh)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _LEAST_PYTHON:
        todo = "需要 Python 3.11 或更新版本；请换用后重新安装。"
        return _check("python", "error", "Python", found, todo)
    return _check("python", "ok", "Python", f"{found}（{sys.executable}）")


def _versions() -> Check:
    """Hold what is installed against what the program asks for."""
    try:
        asked = metadata.requires("kaohe") or []
        own = metadata.version("kaohe")
    except metadata.PackageNotFoundError:
        found = "kaohe 没有作为软件包安装"
        return _check("versions", "error", "版本", found, _REINSTALL)
    wrong = [text for each in asked if (text := _misfit(each)) is not None]
    if wrong:
        return _check("versions", "error", "版本", "；".join(wrong), _REINSTALL)
    return _check("versions", "ok", "版本", f"kaohe {own}，依赖库的版本都符合要求")


def _misfit(asked: str) -> str | None:
    """Say in words what is wrong with the installed version; None where it fits."""
    from packaging.requirements import Requirement

    requirement = Requirement(asked)
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return None
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return f"缺少 {requirement.name}"
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return f"{requirement.name} {found} 不符合 {requirement.specifier}"


def _conflicts() -> Check:
    """Name packages that take each other's place."""
    names = sorted({str(each.metadata["Name"] or "") for each in metadata.distributions()})
    opencv = [name for name in names if _OPENCV.fullmatch(name)]
    wrong = [f"{name}（{_IMPOSTORS[name]}）" for name in names if name in _IMPOSTORS]
    if len(opencv) > 1:
        wrong.append(f"同时装有 {'、'.join(opencv)}，它们互相覆盖文件")
    if wrong:
        todo = f"请卸载多余的软件包，只保留 opencv-python-headless。{_REINSTALL}"
        return _check("conflicts", "error", "冲突的软件包", "；".join(wrong), todo)
    return _check("conflicts", "ok", "冲突的软件包", "没有")


def check_imports(code: str, name_zh: str, names: Sequence[str]) -> Check:
    """Import the libraries in a process of its own: one that crashes takes nothing along."""
    command = [sys.executable, "-c", IMPORT_PROBE, *names]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=_env()
        )
        failed = dict(json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return _check(code, "error", name_zh, f"{_SECONDS} 秒内没有加载完", _REINSTALL)
    except (IndexError, ValueError):
        found = f"加载时程序崩溃（退出码 {done.returncode}）"
        return _check(code, "error", name_zh, found, _REINSTALL)
    if failed:
        found = "；".join(f"{name} 无法加载（{why[:160]}）" for name, why in failed.items())
        return _check(code, "error", name_zh, found, _REINSTALL)
    return _check(code, "ok", name_zh, f"{len(names)} 个都能加载")


def _env() -> dict[str, str]:
    return os.environ | {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


def _scan() -> Check:
    """Say whether scanned notices can be read."""
    from importlib.util import find_spec

    missing = [name for name in SCAN_LIBRARIES if find_spec(name) is None]
    if missing:
        found = f"没有安装（缺 {'、'.join(missing)}）：扫描件会被拒绝，其他格式不受影响"
        return _check("scan", "note", "扫描件识别", found)
    return check_imports("scan", "扫描件识别", SCAN_LIBRARIES)


def _libreoffice() -> Check:
    """Say whether documents that only LibreOffice opens can be read."""
    from extract.files.kinds import usual_endings
    from extract.office.libreoffice import program

    office = program()
    if office is None:
        refused = "、".join(usual_endings("extract.office.libreoffice"))
        found = f"没有安装：{refused} 会被拒绝，其他格式不受影响"
        return _check("libreoffice", "note", "LibreOffice", found)
    return _check("libreoffice", "ok", "LibreOffice", office)


def _timezone() -> Check:
    """Say whether the schedule's time zone is known."""
    try:
        ZoneInfo("Asia/Shanghai")
    except (ZoneInfoNotFoundError, OSError):
        todo = "请安装系统的 tzdata 软件包（或 pip 的 tzdata）。"
        return _check("timezone", "error", "时区", "系统没有 Asia/Shanghai 时区", todo)
    return _check("timezone", "ok", "时区", "Asia/Shanghai")


def _settings() -> Check:
    """Read ``kaohe.toml`` as a night does; what it calls may hold secrets and is not shown."""
    path = config_path()
    try:
        settings = read_settings(path)
    except (Refusal, OSError) as error:
        found = error.zh if isinstance(error, Refusal) else str(error)
        return _check("settings", "error", "设置", found, "在改正之前，夜间处理不发通知。")
    if not path.is_file():
        return _check("settings", "note", "设置", "没有 kaohe.toml，夜间处理不发通知")
    called = [
        name for name, value in (("命令", settings.command), ("网址", settings.webhook)) if value
    ]
    found = f"通知{'和'.join(called)}（{'、'.join(settings.on)}）" if called else "没有设置通知"
    return _check("settings", "ok", "设置", f"{shown_name(path)}：{found}")


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
            return _check("flow", "error", "流程", f"{_SECONDS} 秒内没有运行完", _REINSTALL)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["没有输出"])[-1][:200]
        todo = f"常见原因是 fastapi 的版本过新。{_REINSTALL}"
        return _check("flow", "error", "流程", f"空流程未能运行：{last}", todo)
    return _check("flow", "ok", "流程", "空流程运行正常")


def _rooms(places: Sequence[Path]) -> Iterator[Check]:
    """Say how much room there is, once for each disk, and whether one may write there."""
    seen: set[int] = set()
    for place in places:
        folder = next(
            path for path in (place.absolute(), *place.absolute().parents) if path.exists()
        )
        if not os.access(folder, os.W_OK):
            todo = "请检查该文件夹的权限，或换一个账户运行。"
            yield _check("writable", "error", "写入权限", f"“{folder}”不可写", todo)
        device = folder.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _room(folder)


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    found = f"“{folder}”所在磁盘剩余 {free / 1e9:.1f} GB"
    if free < ENOUGH_ROOM:
        todo = "请清理磁盘：入库需要写一份新快照，空间不足时会拒绝写入（原有数据不受影响）。"
        return _check("room", "error" if free < LEAST_ROOM else "warning", "磁盘空间", found, todo)
    return _check("room", "ok", "磁盘空间", found)
