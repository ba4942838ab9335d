"""What is looked at before anything is landed: names that can be files', rows of one document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from schemas.columns import DOCUMENT_ID_PATTERN, FIRST_YEAR, LAST_YEAR
from schemas.errors import Refusal

if TYPE_CHECKING:
    import pandas as pd


class Named(Protocol):
    """One document's frames by table name."""

    @property
    def document_id(self) -> str:
        """The document's name in the warehouse."""

    @property
    def year(self) -> int:
        """The year it is landed under."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The frames."""


def check_names(batches: Sequence[Named]) -> None:
    """Refuse a document's name or year that could not be a file's or folder's."""
    names = [batch.document_id for batch in batches]
    for batch in batches:
        if not re.fullmatch(DOCUMENT_ID_PATTERN, batch.document_id):
            raise Refusal(
                "bad_document_id",
                f"a document cannot be called {batch.document_id[:100]!r}",
                f"文件代号“{batch.document_id[:100]}”不能使用：只能由字母、数字、汉字、"
                "点、横线和下划线组成，以字母、数字或汉字开头，最多 81 个字。"
                "请用 --document 另取一个代号。",
            )
        if not FIRST_YEAR <= batch.year <= LAST_YEAR:
            raise Refusal(
                "bad_year",
                f"{batch.document_id}: year {batch.year} is outside {FIRST_YEAR}..{LAST_YEAR}",
                f"“{batch.document_id}”的年度 {batch.year} 不在 {FIRST_YEAR} 至 {LAST_YEAR} "
                "之间。请用 --year 写明年度。",
            )
        if names.count(batch.document_id) > 1:
            raise document_twice(batch.document_id)


def document_twice(document_id: str) -> Refusal:
    """Say that a document, or one table of it, would be landed twice at once."""
    return Refusal(
        "document_twice",
        f"{document_id} is twice in one landing",
        f"同一次入库中“{document_id}”出现了两次。请只保留一次。",
    )


def check_document(batch: Named) -> None:
    """Refuse rows of another document: they would hide in this one's file."""
    for name, frame in batch.frames.items():
        others = sorted(set(frame["document_id"]) - {batch.document_id})
        if others:
            raise Refusal(
                "other_document",
                f"{name} of {batch.document_id} holds rows of {others[0]}",
                f"“{batch.document_id}”的 {name} 表中有属于“{others[0]}”的行，没有写入任何数据。"
                "请重新读取该文件。",
            )
