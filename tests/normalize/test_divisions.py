"""Codes of GB/T 2260: those of the notice's year, and none where there is any doubt."""

from __future__ import annotations

from normalize.divisions import division_codes
from tests.support.for_each import for_each

ZIYANG = ("资阳市人民政府办公室",)


@for_each(
    "name, year, said, code",
    [
        ("雁江区", 2020, ZIYANG, "512002"),
        ("雁江区人民政府", 2020, ZIYANG, "512002"),
        ("安岳", 2020, ZIYANG, "512021"),
        ("安岳", 2020, (), None),  # a short name says nothing by itself
        ("雁江区", 2020, (), None),  # nor does one that one place of the country has
        ("东区", 2021, ("云溪市人民政府",), None),  # of a city that no table has
        ("南县", 2021, ("云南县人民政府",), None),  # no table has the issuer
        ("城关区", 2020, (), None),
        ("城关区", 2020, ("拉萨市目标考核领导小组",), "540102"),
        ("城关区", 2020, ("甘肃省兰州市人民政府",), "620102"),
        ("城关区", 2020, ZIYANG, None),
        ("鼓楼区", 2020, ("江苏省人民政府",), None),  # Nanjing's and Xuzhou's
        ("鼓楼区", 2020, ("江苏省徐州市人民政府",), "320302"),
        ("南京市", 2020, ("江苏省人民政府办公厅",), "320100"),
        ("高新区", 2020, ZIYANG, None),
        ("市教育局", 2020, ZIYANG, None),
        ("简阳市", 2014, ZIYANG, "512081"),
        ("简阳市", 2019, ("成都市人民政府",), "510185"),
        ("简阳市", 2019, ZIYANG, None),  # no longer theirs
        ("莱芜市", 2018, ("山东省人民政府",), "371200"),
        ("莱芜市", 2026, ("山东省人民政府",), None),  # abolished
        ("莱芜市", 2022, ("山东省人民政府",), None),  # between two tables: one has it, one not
        ("安岳县", 2022, ZIYANG, "512021"),
        ("安岳县", 2031, ZIYANG, "512021"),  # the latest table that there is
        ("安岳县", 1990, ZIYANG, None),  # before the first
        ("", 2020, ZIYANG, None),
    ],
)
def test_the_code_of_that_year_or_none(
    name: str, year: int, said: tuple[str, ...], code: str | None
) -> None:
    assert division_codes([name], year, said).get(name) == code
