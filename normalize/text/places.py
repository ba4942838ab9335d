"""Names of places: distinguished from departments, and found in titles and captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from common.fold import clean, fold
from normalize.text.departments import looks_like_department

_KINDS = (
    "经济技术开发区|高新技术产业开发区|高新技术开发区|开发区|经济区|高新区|示范区|度假区|功能区|管理区|"
    "工业园区|产业园区|园区|新区|新城|工业园|产业园|自治县|自治州|自治旗|县|区|市|州|盟|旗|镇|乡|"
    "街道办事处|街道办|街道"
)
_PLACE = re.compile(
    rf"^[\u3400-\u9fff]{{1,12}}?(?:{_KINDS})(?:管理?委员?会|管委会|人民政府)?$|^[\u3400-\u9fff]{{2,12}}管委会$"
)
_NAMED = re.compile(rf"[\u3400-\u9fff]{{1,8}}?(?:{_KINDS})")
_COLLECTIVE = re.compile(r"各|乡镇|镇街|镇乡|县\(|区\(|\(县|\(区|县区|区县|县市区|部门|单位")
#: What stands in a title beside a name and belongs to none.
_BESIDE = re.compile(
    r"\d+年?(?:度|上半年|下半年)?|年度|关于|印发|下达|调整|修订|附[件表录]?|目标|指标|任务|责任书?|考核|分解|一览|明细|清单|表|县\s*[（(][市、区]+[）)]|"
    r"[区市]\s*[（(][县、区]+[）)]|各?县市区|各?县区|各?区县|各?市县|各[县区市]|全[市县区]|本[市县区]|市级|县级|区级|市直|"
    r"县直|区直|(?<=[区县市旗])[和与及]|[^\u3400-\u9fff]+"
)
#: Aims that end like a place: 工业强市, 生态文明强县, 卫生城市; 韩城市 is one.
_AIM = re.compile(
    r"^(?:..|....)强[市县区镇乡]$|^..兴[市县区镇乡]$|..城市$|^[大中小新老]城市$|社区$|小区$"
)
_GENERIC = {*"县区市州盟旗镇乡", "街道", "园区", "新区", "开发区", "辖区", "市辖区", "考核区"}


@lru_cache(maxsize=4096)
def is_place(name: str) -> bool:
    """Tell whether a name is that of a county, zone, town or the like, and of no department.

    >>> is_place("雁江区"), is_place("高新区管委会"), is_place("市教育局"), is_place("工业强市")
    (True, True, False, False)
    """
    bare = re.sub(r"[（(][^（()）]*[)）]$", "", clean(name))
    named = bare not in _GENERIC and not set(bare) <= set("省市县区州盟旗镇乡")
    return named and bool(_PLACE.match(bare)) and not _AIM.search(bare)


def is_department(name: str) -> bool:
    """Tell whether a name is that of a department, not of a place."""
    return not is_place(name) and looks_like_department(name) >= 0.7


def place_names(text: str) -> tuple[str, ...]:
    """Return the places that a title, caption or sheet's name speaks of, each once, in order.

    A city named just before what belongs to it (资阳市雁江区) only says where that lies.

    >>> place_names("资阳市雁江区2020年度目标任务表")
    ('雁江区',)
    """
    found: list[str] = []
    for piece in _BESIDE.split(clean(text)):
        matches = list(_NAMED.finditer(piece))
        for match, after in zip(matches, [*matches[1:], None], strict=False):
            leads = after is not None and after.start() == match.end()
            name = match.group()
            if not (leads and name[-1] in "省市州盟") and name not in (*_GENERIC, *found):
                found.append(name)
    return tuple(found)


_DEPARTMENTS = re.compile(
    r"(?P<level>[省市州县区旗])?(?:直|级|属)?(?:各|有关|属|机关|直属)*(?:部门|直单位|级单位|直机关)"
)
_COUNTIES = re.compile(r"县\(|区\(|\(县|\(区|县区|区县|县市区|各县|各区|各乡|各镇|乡镇|园区|开发区")


def departments_named(texts: Sequence[str]) -> str | None:
    """Return the one name of all departments where the first text that says so means only them.

    >>> departments_named(["附件2 市级部门考核指标"]), departments_named(["县（区）和市直部门目标"])
    ('市直部门', None)
    """
    for text in map(fold, texts):
        if _COUNTIES.search(text):
            return None
        if found := _DEPARTMENTS.search(text):
            return f"{found.group('level') or '市'}直部门"
    return None


def entity_above(texts: Sequence[str]) -> tuple[str, ...]:
    """Return whom the first of the texts over a table that names anybody names.

    One name is the entity of a table with one column of targets; several leave it open. A text
    that speaks of all counties or of departments names nobody: the place in it may be one of
    several, or the city that they belong to.
    """
    plain = [text for text in texts if not _COLLECTIVE.search(fold(text))]
    return next((names for text in plain if (names := place_names(text))), ())


_ALL = re.compile(r"各|所有|全[市县区]")
_OFFICE = re.compile(r"(?:人民政府|管理?委员?会|管委会|办事处|党工委|党委|政府|办公室)$")


def addressed_places(salutation: str) -> tuple[str, ...]:
    """Return the places that a letter is sent to, by name, in order.

    Departments that it is sent to as well are left out. None where it is sent to all counties, or
    to some by name and all others together: then the names are no list of them.

    >>> addressed_places("甲山区、乙水县人民政府，丙湖旅游度假区管委会，市政府各部门")
    ('甲山区', '乙水县', '丙湖旅游度假区')
    >>> addressed_places("各县（区）人民政府，高新区管委会")
    ()
    """
    found: list[str] = []
    for piece in re.split(r"[，,、；;：:]", clean(salutation)):
        if _ALL.search(piece):
            if not re.search(r"部门|单位|科室|机关|局|委办", piece):
                return ()
        elif is_place(name := _OFFICE.sub("", piece)):
            found.append(name)
    return tuple(dict.fromkeys(found))
