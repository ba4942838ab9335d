"""How points are given lands as printed, once an indicator and text."""

from __future__ import annotations

from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from tests.support.normalize.drawn import document, table


def test_methods_beside_and_inside_targets() -> None:
    one = table(
        """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        发展 | 投资额（亿元） | 60 | 12，每少1亿元扣2分 | 13，每少1亿元扣2分 | 按完成比例得分
        发展 | 高企数量（户） | 40 | 3 | 4 | .
        """,
        page=1,
    )
    notice = normalize(document(one, title="2020年度考核指标"), SourceMeta("x"))
    assert [(m.serial_no, m.text, m.status, m.rule) for m in notice.methods] == [
        (1, "按完成比例得分", "not_understood", None),
        (1, "每少1亿元扣2分", "not_understood", None),
    ]
    assert [t.target_value for t in notice.targets] == [12, 13, 3, 4]
    assert all(method.reason and method.cell for method in notice.methods)
