"""``kaohe review``: which document, which file, where to, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from tests.support.report.landed import CALC


@pytest.fixture
def here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder beside a landed warehouse."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAOHE_WAREHOUSE", str(folder / "tables"))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["review", *map(str, arguments)])


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def remark(page: Path) -> str | None:
    text = page.read_text(encoding="utf-8").split('id="data">')[1].split("</script>")[0]
    said = json.loads(text)["remark"]
    return None if said is None else str(said)


def test_latest_official_document_is_shown_by_default(here: Path) -> None:
    result = run("--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert made["document_id"] == "pdf"  # the text is landed later, and is a copy
    assert made["page"] == "out/review/pdf/index.html"
    assert (here / made["page"]).is_file()


def test_file_under_raw_is_found_and_the_page_made_again_replaces_all_of_it(here: Path) -> None:
    (raw := here / "raw/notices/pdf").mkdir(parents=True)
    shutil.copy(CALC, raw / "notice.pdf")
    (raw / "source.toml").write_text("year = 2020", encoding="utf-8")
    assert run("pdf").exit_code == 0
    page = here / "out/review/pdf"
    assert len([name for name in files(page) if name.startswith("pages/")]) == 8
    assert remark(page / "index.html") is None

    before = files(here)
    (page / "stale.txt").write_text("old")
    assert run("pdf", "--source", CALC).exit_code == 0
    assert remark(page / "index.html") is None
    assert files(here) == before


def test_missing_original_is_said_and_the_grid_shown(here: Path) -> None:
    assert "没有找到" in run("pdf").stdout
    page = here / "out/review/pdf/index.html"
    assert not (page.parent / "pages").exists()
    assert "没有找到" in (remark(page) or "")


def test_other_file_is_said_and_the_grid_shown(here: Path) -> None:
    other = here / "other.pdf"
    other.write_bytes(CALC.read_bytes() + b"\n")
    result = run("pdf", "--source", other)
    assert result.exit_code == 0
    assert "不是同一份" in (remark(here / "out/review/pdf/index.html") or "")


def test_text_needs_no_original(here: Path) -> None:
    assert run("text", "--out", here / "page").exit_code == 0
    assert remark(here / "page/index.html") is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["none"], "no_such_document"),
        (["pdf", "--source", "none.pdf"], "no_such_file"),
        (["pdf", "--out", "full"], "not_a_review_page"),
        (["pdf", "--warehouse", "empty"], "nothing_landed"),
    ],
)
def test_refusals_change_nothing(here: Path, arguments: list[str], code: str) -> None:
    (here / "full").mkdir()
    (here / "full/file").write_text("mine")
    result = run(*arguments)
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert files(here) == ["full/file"]
