"""Wrong usage: Chinese first, with what was probably meant, for every command alike."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from common.declared import declared
from common.files import office_lock_of
from flows.cli.main import cli, command_modules

USAGE = declared(dict[str, dict[str, str]], "flows", "usage")


def said(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return done.stderr


def commands() -> dict[str, click.Command]:
    context = click.Context(cli)
    return {name: cli.get_command(context, name) for name in command_modules()}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "chinese"),
    [
        ("ingst x.pdf", "没有“ingst”这个命令，要用的是不是 ingest？"),
        ("Score 2020", "没有“Score”这个命令，要用的是不是 score？"),
        ("xyzzy", "没有“xyzzy”这个命令。"),
        ("--verson", "没有“--verson”这个选项，要用的是不是 --version？"),
        ("score -help", "没有“-help”这个选项，要用的是不是 --help？"),
        ("-help", "没有“-help”这个选项，要用的是不是 --help？"),
        ("score 2020 -as-of 2021-01-31", "没有“-as-of”这个选项，要用的是不是 --as-of？"),
        ("score 2020 -warehouse=x", "没有“-warehouse”这个选项，要用的是不是 --warehouse？"),
        ("score 2020 -xyzzy", "没有“-xyzzy”这个选项。"),
        ("score 2020 -x", "没有“-x”这个选项。"),
        ("ingest x --yeer 2020", "没有“--yeer”这个选项，要用的是不是 --year？"),
        ("ingest x --no-cros-check", "要用的是不是 --no-cross-check？"),
        ("query --frobnicate x", "没有“--frobnicate”这个选项。"),
        ("score 2020 --as-of 2021.1.5", "“2021.1.5”应写作 2021-01-05"),
        ("score 2020 --as-of 2021年1月5日", "“2021年1月5日”应写作 2021-01-05"),
        ("score 2020 --as-of 20210105", "“20210105”应写作 2021-01-05"),
        ("trace 2020 1 甲 --as-of 2021/02/30", "--as-of 要写日期，写作 2021-01-05 的样子"),
        ("nightly --as-of tomorrow", "“tomorrow”不是日期"),
        ("keys 2020 2021 --on 五月", "“五月”不是日期"),
        ("receive a.xlsx --received-on 2999-01-01", "--received-on 是 2999-01-01，这一天还没有到"),
        ("ingest", "少了参数：通知文件或文件夹（SOURCE）"),
        ("diff 2020", "少了参数：后一份文件（SECOND）"),
        ("score", "少了参数：考核年度（YEAR）"),
        ("score abc", "考核年度（YEAR） 要写 1900 到 2999 的整数；“abc”不是"),
        ("ingest x --year 20", "--year 要写 1900 到 2999 的整数；“20”不是"),
        ("trace 2020 0 甲", "指标序号（SERIAL_NO） 要写 1 到 … 的整数；“0”不是"),
        ("review --out", "选项 --out 后面少了它的值"),
        ("query --json=1 x", "选项 --json 后面不能带值"),
        ("query SELECT 1", "多出了参数：1。值里有空格的，请加引号"),
        ("score 2020 --rules --replay", "--rules、--what-if、--replay 不能同时用"),
        ("receive a.xlsx --redate", "用 --redate 时还要写明 --received-on"),
        ("keys 2020", "用 keys 时还要写明 FIRST SECOND"),
        ("serve --at 99", "--at 要写时刻，写作 02:00 的样子；“99”不是"),
        ("serve --timezone Mars", "--timezone 要写时区"),
        ("serve --every 0", "--every 要写不小于 1 的数"),
        ("serve --every abc", "--every 要写不小于 1 的数"),
        ("导入 x", "没有“导入”这个命令，要用的是不是 ingest？"),
        ("help score", "要用的是不是 --help？"),
        ("score 2020年", "“2020年”应写作 2020"),
        ("trace 2020 第12项 甲", "“第12项”应写作 12"),
        ("ingest x --supplier pdfminer", "--supplier 只能写 quick、pdfplumber 中的一个"),
        ("keys --confirm no.csv --by 王", "--confirm 写的“no.csv”不存在"),
        ("keys --confirm / --by 王", "--confirm 要写文件；“/”是文件夹"),
        ("score 2020 --warehouse pyproject.toml", "--warehouse 要写文件夹；“pyproject.toml”是文件"),
    ],
)  # fmt: skip
def test_it_is_said_in_chinese_with_what_was_meant(arguments: str, chinese: str) -> None:
    lines = said(*arguments.split(" ")).splitlines()
    assert chinese in lines[0]
    assert "--help" in lines[1]
    assert lines[2].startswith("wrong usage: ")
    assert len(lines) == 3


@pytest.mark.parametrize(
    "arguments", ["score 2020 --as-of", "score --as-of", "score 2020 --json=1"]
)
def test_whatever_is_wrong_of_a_command_leads_to_its_own_help(arguments: str) -> None:
    assert "例如：kaohe score 2020 --as-of 2021-01-31" in said(*arguments.split(" "))
    assert "kaohe score --help" in said(*arguments.split(" "))


def test_without_a_command_and_in_the_help_each_is_described_in_chinese_first() -> None:
    bare, asked = said(), CliRunner().invoke(cli, ["--help"]).stdout
    for text in (bare, asked):
        chinese, _, english = text.partition("Usage: ")
        for name in command_modules():
            assert f"  {name:<10} {USAGE['command'][name]}" in chinese.splitlines()
            assert f"  {name} " in english
    assert set(USAGE["meant"].values()) <= {*command_modules(), "--help", "--version"}
    score = CliRunner().invoke(cli, ["score", "--help"]).stdout
    assert USAGE["command"]["score"] in score


def test_nothing_of_the_arguments_acts_on_the_terminal() -> None:
    assert "\x1b" not in said("in\x1b[31mgst")
    assert "\x1b" not in said("score", "2020", "--as-of", "\x1b]0;x\x07")


@pytest.mark.parametrize("name", sorted(command_modules()))
def test_what_a_command_needs_has_a_name_and_an_example_that_is_right(name: str) -> None:
    command = commands()[name]
    needed = [each for each in command.params if isinstance(each, click.Argument)]
    assert {each.name for each in needed} <= set(USAGE["argument"])
    if not needed:
        return
    program, own, *arguments = shlex.split(USAGE["example"][name])
    assert (program, own) == ("kaohe", name)
    with click.Context(cli) as parent:
        command.make_context(name, arguments, parent)


@pytest.mark.parametrize(
    "arguments",
    ["score 2020", "forms 2020", "report 2020", "review", "nightly", "serve", "catalogue",
     "publish out", "diff 2020 2021", "trace 2020 1 甲", "query x", "receive x.xlsx"],
)  # fmt: skip
def test_where_nothing_of_ours_is_another_folder_was_meant(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, arguments.split(" "))
    assert done.exit_code == 1
    assert "很可能不是项目文件夹" in done.stderr
    assert not any(tmp_path.iterdir())
    (tmp_path / "raw").mkdir()
    if arguments not in ("nightly", "serve"):
        done = CliRunner().invoke(cli, arguments.split(" "))
        assert "里还没有数据" in done.stderr


@pytest.mark.parametrize(
    ("file", "lock"),
    [
        ("报送表.xlsx", "~$报送表.xlsx"),
        ("notice.docx", "~$notice.docx"),
        ("a-long-notice.docx", "~$long-notice.docx"),
        ("报送表.et", ".~报送表.et"),
        ("form.ods", ".~lock.form.ods#"),
        ("form.xlsx", None),
    ],
)
def test_what_office_lays_beside_an_open_file(file: str, lock: str | None, tmp_path: Path) -> None:
    (tmp_path / file).touch()
    (tmp_path / "~$another.xlsx").touch()
    if lock:
        (tmp_path / lock).touch()
    assert office_lock_of(tmp_path / file) == (tmp_path / lock if lock else None)


@pytest.mark.parametrize("command", ["ingest", "receive"])
def test_a_lock_file_is_not_taken_for_the_file(command: str, landed: Path, tmp_path: Path) -> None:
    lock = tmp_path / "~$通知.docx"
    lock.write_bytes(b"\x05user")
    options = ["--warehouse", str(landed if command == "receive" else tmp_path / "t")]
    if command == "receive":
        options += ["--raw", str(tmp_path / "raw"), "--replies", str(tmp_path / "replies")]
    for source in (lock, tmp_path) if command == "ingest" else (lock,):
        done = CliRunner().invoke(cli, [command, str(source), *options])
        assert done.exit_code == 1
        assert "请先保存并关闭 Excel" in done.output


def test_what_programs_lay_beside_returned_forms_is_left_out(landed: Path, tmp_path: Path) -> None:
    names = ("~$另一份.xlsx", ".DS_Store", "Thumbs.db", "表.csv")
    for name in names:
        (tmp_path / name).write_bytes(b"1,2\n")
    options = ["--warehouse", str(landed), "--raw", str(tmp_path / "raw"), "--json"]
    given = [str(tmp_path / name) for name in names]
    done = CliRunner().invoke(cli, ["receive", *given, *options, "--replies", str(tmp_path / "r")])
    files = json.loads(done.stdout)["files"]
    assert [each["state"] for each in files] == ["left_out"] * 3 + ["refused"]
    assert [each["refused"] for each in files][:3] == [0, 0, 0]
    assert "已略过" in files[1]["remarks"][0]["message_zh"]
