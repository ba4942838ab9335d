"""Documents of several tables, one of which is meant."""

from __future__ import annotations

from tests.support.normalize.drawn import table

COUNTIES = """
    一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 高新区 | 责任单位
    高质量发展 | 研发投入强度（%） | 3 | 1 | 2 | 3 | 市科技局
    ^ | 高企数量（户） | 4 | 7 | 8 | 9 | 市科技局
    ^ | 新增就业（人） | 2 | 70 | 80 | 90 | 市人社局
    """


DEPARTMENTS = """
    一级指标 | 三级指标 | 分值 | 市教育局 | 市公安局 | 市财政局 | 市科技局 | 考核单位
    机关建设 | 政务公开（件） | 5 | 1 | 2 | 3 | 4 | 市政府办公室
    ^ | 依法行政（件） | 5 | 7 | 8 | 9 | 4 | 市司法局
    ^ | 提案办理（件） | 5 | 70 | 80 | 90 | 4 | 市政府办公室
    ^ | 信访办理（件） | 5 | 70 | 80 | 90 | 4 | 市信访局
    ^ | 值班值守（次） | 5 | 70 | 80 | 90 | 4 | 市政府办公室
    """


counties = table(COUNTIES, page=2, caption=("附件1 2020年度县（区）考核指标",))


departments = table(DEPARTMENTS, page=5, caption=("附件2 2020年度市级部门考核指标",))


results = table(COUNTIES, page=9, caption=("附件3 2020年度县（区）考核指标完成情况",))


methods = table(
    """
    三级指标 | 分值 | 评分标准
    研发投入强度 | 3 | 每低0.1个百分点扣0.5分，扣完为止
    高企数量 | 4 | 按完成比例得分
    新增就业 | 2 | 完成得满分，未完成不得分
    """,
    page=9,
    caption=("附件3 2020年度县（区）考核指标评分标准",),
)
