"""One made notice with every feature of the family, for any number of entities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from tests.support.workshop.logical import NOT_ASSESSED, Indicator, Notice, WeightGroup, balanced
from tests.support.workshop.vocabulary import COUNTIES, NUMBERS, ZONES


def entities_of(number: int) -> tuple[str, ...]:
    """Return counties, and zones behind them where there is room for both."""
    zones = min(2, number - 2)
    return COUNTIES[: number - zones] + ZONES[:zones]


def sample(entities: int = 5, year: int = 2021) -> Notice:
    """Return the made notice: 22 leaves in 15 weight groups, equal totals for all entities."""
    builder = _Builder(entities_of(entities))
    return balanced(
        Notice(
            year=year,
            city="东江市",
            doc_number=f"东府办发〔{year}〕18号",
            issued_on=date(year, 3, 9),
            entities=builder.entities,
            groups=(*builder.growth(), *builder.work(), *builder.services()),
        )
    )


def short_sample() -> Notice:
    """Return the made notice's first rows for three entities: recognition takes its time."""
    whole = sample(3)
    return balanced(replace(whole, groups=whole.groups[:2]))


class _Builder:
    """Makes weight groups for a list of entities; numbers differ from cell to cell."""

    def __init__(self, entities: tuple[str, ...]) -> None:
        self.entities = entities
        self._numbers = count()
        self._departments = count()

    def numbers(self) -> tuple[str, ...]:
        return tuple(NUMBERS[next(self._numbers) * 5 % len(NUMBERS)] for _ in self.entities)

    def same(self, text: str) -> tuple[str, ...]:
        return (text,) * len(self.entities)

    def counties(self, text: str) -> tuple[str, ...]:
        return tuple(NOT_ASSESSED if name in ZONES else text for name in self.entities)

    def halves(self, left: str, right: str) -> tuple[str, ...]:
        half = len(self.entities) // 2
        return (left,) * half + (right,) * (len(self.entities) - half)

    def growth(self) -> tuple[WeightGroup, ...]:
        level1, quality, creation = "高质量发展", "发展综合质量效益", "创新发展"
        named = "人均地区生产总值增长率"
        building = "建筑业高质量发展"
        return (
            WeightGroup(
                (Indicator(level1, quality, "地区生产总值增长率", self.numbers(), unit="%"),),
                Decimal(3), assessing=("市发展改革委",),
            ),
            WeightGroup(
                (Indicator(level1, quality, named, self.counties("按全省平均水平比较考核"),
                           unit="%", note="以省统计局认定数为准"),),
                Decimal(2), assessing=("市发展改革委",), supporting=("市统计局",),
            ),
            WeightGroup(
                (
                    Indicator(level1, quality, building, self.numbers(), "建筑业总产值", "亿元"),
                    Indicator(level1, quality, building, self.numbers(),
                              "新开工装配式建筑面积", "万平方米", method="按完成比例计分。"),
                ),
                Decimal(1), assessing=("市住房城乡建设局",), supporting=("市统计局", "市财政局"),
            ),
            WeightGroup(
                (
                    Indicator(level1, quality, "法定债务率", self.counties("<120%"), unit="%"),
                    Indicator(level1, quality, "隐性债务化解完成率", self.counties("100%"),
                              unit="%"),
                ),
                Decimal(1), assessing=("市财政局",),
            ),
            WeightGroup(
                (
                    Indicator(level1, creation, "研究与试验发展经费支出占比", self.numbers(),
                              unit="%"),
                    Indicator(level1, creation, "科技创新水平指数", self.same("42.9")),
                    Indicator(level1, creation, "高新技术产业营业收入", self.numbers(),
                              unit="亿元", note="正向指标"),
                ),
                Decimal(3), ((self.entities[-1], Decimal(6)), (self.entities[-2], Decimal("4.5"))),
                ("市科技局",),
            ),
            WeightGroup(
                (Indicator(level1, creation, "质量工作完成情况",
                           self.same("按《市政府对县（区）政府质量工作考核细则》考核")),),
                Decimal("0.5"), assessing=("市市场监管局", "市经济和信息化局"),
            ),
        )  # fmt: skip

    def work(self) -> tuple[WeightGroup, ...]:
        level1, risks, villages = "年度重点工作", "防范化解重大风险", "乡村振兴"
        firms = "中小企业健康发展情况"
        return (
            WeightGroup(
                (Indicator(level1, risks, "安全生产责任制落实情况",
                           self.same("不发生一次死亡3人以上的生产安全责任事故"),
                           method="达到目标得满分，未达到不得分。"),),
                Decimal(4), assessing=("市应急管理局",), supporting=("市交通运输局",),
            ),
            WeightGroup(
                (Indicator(level1, risks, "城镇登记失业率", self.same("低于4.6%"), unit="%"),),
                Decimal("1.5"), assessing=("市人力资源社会保障局",),
            ),
            WeightGroup(
                (
                    Indicator(level1, villages, firms, self.numbers(), "中小企业培育", "户"),
                    Indicator(level1, villages, firms, self.numbers(), "中小企业公共服务",
                              "家次"),
                    Indicator(level1, villages, firms, self.same("按要求建立相关机制"),
                              "建立协调机制"),
                ),
                Decimal(1), ((self.entities[0], Decimal(2)),), ("市经济和信息化局",),
            ),
            WeightGroup(
                (Indicator(level1, villages, firms, self.same("1户，完成率100%"),
                           "淘汰落后产能任务完成率"),),
                Decimal(1), assessing=("市经济和信息化局",),
            ),
            WeightGroup(
                (Indicator(level1, villages, "农村人居环境整治",
                           self.halves("按相关要求贯彻落实", "全面完成年度任务")),),
                Decimal("0.5"), assessing=("市农业农村局", "市水务局", "市生态环境局"),
            ),
        )  # fmt: skip

    def services(self) -> tuple[WeightGroup, ...]:
        level1, reform, openness = "政府自身建设", "“放管服”改革", "政务公开"
        return (
            WeightGroup(
                (Indicator(level1, reform, "推进深化“放管服”改革优化营商环境相关工作",
                           self.same("全面完成《深化改革优化营商环境工作清单》"
                                     "（府办函〔2021〕9号）明确的各项目标任务")),),
                Decimal(2), assessing=("市政务服务局",),
            ),
            WeightGroup(
                (
                    Indicator(level1, openness, "完成年度政务公开工作",
                              self.same("按相关要求开展政务公开工作")),
                    Indicator(level1, openness, "做好政府信息工作",
                              self.same("按相关要求开展政务公开工作")),
                ),
                Decimal(4), assessing=("市政府办公室",), supporting=("市政务服务局",),
            ),
            WeightGroup(
                (Indicator(level1, openness, "办理人大代表建议和政协提案", self.same("100%"),
                           note="年度新增指标"),),
                Decimal(2), assessing=("市政府办公室",),
            ),
        )  # fmt: skip
