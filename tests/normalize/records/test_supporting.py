"""Supporting departments: what stands for nothing, and what is no name."""

from __future__ import annotations

import pytest

from tests.support.normalize.drawn import table
from tests.support.normalize.sign_tables import notice_of

DRAWN = """一级指标 | 二级指标 | 指标 | 分值 | 甲县 | 乙县 | 责任单位 | 配合单位
发展 | 质量 | 增长率（%） | 6 | 5 | 6 | 市统计局 | {}
发展 | 质量 | 新增企业（户） | 4 | 50 | 60 | 市商务局 | 市财政局
"""


@pytest.mark.parametrize(("printed", "flagged"), [("1", True), ("/", False), ("市税务局", False)])
def test_a_bare_digit_is_no_department(printed: str, flagged: bool) -> None:
    notice = notice_of(table(DRAWN.format(printed), page=1))
    assert {t.needs_review for t in notice.targets if t.serial_no == 1} == {flagged}
    assert not any(t.needs_review for t in notice.targets if t.serial_no == 2)
