"""Why a PDF without any table was refused, in a clerk's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from common.refusal import Refusal


def no_table_refusal(
    path: Path, pages: int, picture_pages: Sequence[int], unreadable_pages: Sequence[int]
) -> Refusal:
    """Return the refusal of a PDF in which no ruled table was found."""
    if picture_pages:
        return _scanned(path, pages, picture_pages)
    if unreadable_pages:
        return _unreadable(path, unreadable_pages)
    return Refusal(
        "no_table",
        f"{path.name}: no ruled table on any of {pages} pages",
        f"文件《{path.name}》共 {pages} 页，没有找到带框线的表格。"
        "请确认导入的是带考核指标表的通知原件；如果表格在另一个附件里，请导入那个附件。",
    )


def _scanned(path: Path, pages: int, picture_pages: Sequence[int]) -> Refusal:
    return Refusal(
        "scanned_pdf",
        f"{path.name}: {len(picture_pages)} of {pages} pages are pictures without a text layer; "
        "reading them needs the extra kaohe[scan]",
        f"文件《{path.name}》是扫描件：共 {pages} 页，第 {_some(picture_pages)} 页是图片，"
        "没有可读取的文字层，而本机没有安装读取扫描件所需的文字识别组件。"
        "请让维护人员安装可选组件 kaohe[scan]（即 rapidocr 和 onnxruntime，"
        "装好后可离线使用）再重新导入，"
        "或向发文单位索取电子版原件（Word、Excel 或由其直接导出的 PDF）。",
    )


def _unreadable(path: Path, unreadable_pages: Sequence[int]) -> Refusal:
    return Refusal(
        "damaged_pdf",
        f"{path.name}: pages {_some(unreadable_pages)} could not be read, no table on the others",
        f"文件《{path.name}》第 {_some(unreadable_pages)} 页无法读取（内容损坏或过于复杂），"
        "其余页没有表格。请重新下载或重新索取后再导入。",
    )


def too_long_refusal(path: Path, pages: int, limit: int) -> Refusal:
    """Return the refusal of a PDF with more pages of tables than any notice has."""
    return Refusal(
        "too_many_pages",
        f"{path.name}: {pages} pages with rules, at most {limit} are read",
        f"文件《{path.name}》有 {pages} 页带表格线，超过一份通知可能的篇幅（最多读 {limit} 页）。"
        "请确认是不是导错了文件；如果指标表在其中，请把那几页另存为单独的 PDF 后再导入。",
    )


def too_many_scans_refusal(path: Path, pages: int, limit: int) -> Refusal:
    """Return the refusal of a PDF with more scanned pages than are recognised in one document."""
    return Refusal(
        "too_many_pages",
        f"{path.name}: {pages} scanned pages or more, at most {limit} are read",
        f"文件《{path.name}》中的扫描图片至少有 {pages} 页，超过一份通知可能的篇幅"
        f"（最多识别 {limit} 页），没有读取，数据未作任何改动。"
        "请只保留考核指标表所在的页面，另存为单独的 PDF 后再导入。",
    )


def missing_pages_refusal(path: Path, found: int, expected: int) -> Refusal:
    """Return the refusal of a PDF of which pages are lost."""
    return Refusal(
        "damaged_pdf",
        f"{path.name}: says it has {expected} pages, {found} were found",
        f"文件《{path.name}》已损坏：应有 {expected} 页，只找到 {found} 页。"
        "请重新下载或重新索取后再导入。",
    )


def _some(pages: Sequence[int]) -> str:
    shown = "、".join(str(page) for page in pages[:5])
    return f"{shown} 等" if len(pages) > 5 else shown


def encrypted_refusal(path: Path) -> Refusal:
    """Return the refusal of a PDF that asks for a password."""
    return Refusal(
        "encrypted_pdf",
        f"{path.name} is encrypted and does not open without a password",
        f"文件《{path.name}》加了密码，不输入密码打不开。请用原软件取消密码后另存为不加密的 PDF，"
        "或向发文单位索取未加密的文件，再重新导入。",
    )


def damaged_refusal(path: Path, reason: str) -> Refusal:
    """Return the refusal of a PDF whose pages cannot be found."""
    return Refusal(
        "damaged_pdf",
        f"{path.name} is damaged: {reason}",
        f"文件《{path.name}》是 PDF，但内部已损坏，找不到页面。请重新下载或向发文单位重新索取，"
        "确认能正常打开后再导入。",
    )


def too_heavy_refusal(path: Path) -> Refusal:
    """Return the refusal of a PDF with far more drawing commands than a notice."""
    return Refusal(
        "too_heavy_pdf",
        f"{path.name}: its pages hold more drawing commands than any notice",
        f"文件《{path.name}》的绘图内容过多，不像一份通知，没有读取。"
        "如果指标表在其中，请把那几页另存为单独的 PDF 后再导入。",
    )


def no_encoding_refusal(path: Path) -> Refusal:
    """Return the refusal of a PDF whose fonts do not tell which characters they print."""
    return Refusal(
        "no_text_encoding",
        f"{path.name}: most glyphs do not tell which character they are",
        f"文件《{path.name}》看得见文字，但字体没有附带文字编码，多数字无法识别（复制出来也是乱码）。"
        "请向发文单位索取 Word、Excel 原件，或由原件重新导出 PDF 后再导入。",
    )
