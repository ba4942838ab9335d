"""The lines before the table, as a notice's front page prints them."""

from __future__ import annotations

from tests.support.workshop.logical import Notice


def front_lines(notice: Notice) -> list[str]:
    """Return number, issuer, subject, salutation, text, signature and date, in order."""
    day = notice.issued_on
    return [
        notice.doc_number,
        notice.issuer,
        f"关于印发{notice.title}的通知",
        "各县（市、区）人民政府，市级有关部门（单位）：",
        f"经市政府同意，现将《{notice.title}》印发给你们，请认真组织实施。",
        notice.issuer,
        f"{day.year}年{day.month}月{day.day}日",
    ]
