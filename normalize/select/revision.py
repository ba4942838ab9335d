"""An earlier document that a document names as changed by it: noted, for a person to declare."""

from __future__ import annotations

import re
from collections.abc import Iterable

from common.fold import clean, fold
from normalize.model.doubt import Doubt, doubt
from schemas.records.document import Document
from schemas.records.source import SourceMeta
from schemas.vocabulary import Severity

_REVISES = re.compile(
    r"关于(?:对[^。；]{1,40}?(?:进行|予以|作出|作))?(?:修订|修改|调整|变更|更正|补充)[^。；]{0,60}?"
    r"(?:通知|函|公告)"
    r"|(?:修订|调整|修改|更正|变更)后的?[^。；]{0,30}(?:指标|目标)"
    r"|[（(](?:修订|调整|修改|更正)(?:稿|版|后)?[)）]"
)
_NUMBER = re.compile(
    r"(?!原|将|对|按)[\u4e00-\u9fff]{2,12}[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\]）)】]\s*\d+\s*号"
)


def revises(document: Document, source: SourceMeta) -> Doubt | None:
    """Return a note that the document says it changes an earlier one; None where it does not.

    Its title and the lines around its tables are looked at. Where ``source.toml`` names what it
    supersedes, nothing is left to say.
    """
    if source.supersedes is not None:
        return None
    front = document.front
    lines = [front.title or "", source.title or ""]
    lines += [line for table in document.tables for line in (*table.caption, *table.notes)]
    said = next((found.group() for line in lines if (found := _REVISES.search(clean(line)))), None)
    if said is None:
        return None
    cited = tuple(_cited(lines, source.doc_number or front.doc_number or ""))
    if not cited:
        return doubt("revises_earlier.plain", severity=Severity.INFO, said=said)
    listed = "、".join(cited)
    return doubt("revises_earlier.citing", cited, severity=Severity.INFO, said=said, cited=listed)


def _cited(lines: Iterable[str], own: str) -> Iterable[str]:
    """Yield the numbers of other documents, each once."""
    numbers = (found for line in lines for found in _NUMBER.findall(clean(line)))
    return dict.fromkeys(number for number in numbers if fold(own) not in fold(number) or not own)
