"""Words by which a text says that a figure is another one's: of another year, another evaluation, a part of the project."""

from __future__ import annotations

import re

ANOTHER = r"自评|上年|上一年|去年|往年|历年|初评|初步|子项目|20\d\d\s{0,3}年"
_PLACE = r"子项目|分项目?|标段|村|镇|乡|县|区|市|街道|社区|学校|小学|中学|学院|公司|中心|站|局"
_PART = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{1,12}}?(?:{_PLACE}))(?:的|项目|本项目)?$")
_WHOSE = re.compile(rf"[\u4e00-\u9fff]{{1,30}}(?:{_PLACE}|项目)(?=[\u4e00-\u9fff]{{0,12}}(?:得分|评分|指标|绩效|完成|汇总|表))")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_IN_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)\s*年?度?")
_LABEL = re.compile(r"^(?:续?表|附[件表])?[\s\d\-－—–.:：]*")
_ITS_OWN = re.compile(r"^(?:该|本|整个|各|全部)?项目$")


def of_a_part(before: str, own: str = "") -> bool:
    """Does what stands directly before a figure name a part of the project? `own`: how the project is called."""
    found = _PART.search(before)
    return found is not None and found["name"] not in own


def years(caption: str) -> tuple[str, ...]:
    """The years that a caption names."""
    return tuple(_YEAR.findall(caption))


def whose(caption: str) -> str:
    """What a table is of by its caption (甲子项目得分表); empty where it does not say, or says 项目."""
    found = _WHOSE.match(_LABEL.sub("", _IN_A_YEAR.sub("", caption)).strip())
    return "" if found is None or _ITS_OWN.match(found[0]) else found[0]
