"""other-project: 得分表的标题写的是本项目吗？ Does the title of a score table name this project?

Reads: texts, report; the name and agency of the project, and what the report calls itself.
Severity: warning.
Bad: 户外劳动者爱心驿站建设项目绩效指标汇总 in the report on 困难职工帮扶资金, which nowhere else mentions it. Good: 本项目绩效指标汇总;
the name of a part of the project that the text speaks of.
A title is told only where not two characters in a row of the name are shared, words of every evaluation aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from perfeval.auditing._claims import is_title, paragraphs, report_title
from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document, Paragraph
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "other-project",
    says="标题里的「{named}」与本项目「{own}」没有共同之处，正文也没有提到它。",
    remedy="套用别的报告时留下的名称，改成本项目的。",
    en="The title names “{named}”, which shares nothing with this project, “{own}”, and which the text does not mention.",
    en_remedy="A name left from another report: put this project's.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_TITLE = re.compile(
    r"(?:续?表\s*[\d\-－—–.]+\s*|[（(]?[一二三四五六七八九十]{1,3}[）)、]\s*|附[件表]\s*\d*\s*[:：]?\s*)?"
    r"(?P<name>[\u4e00-\u9fff]{4,30}项目)"
    r"(?:支出)?(?:绩效|得分|评分|综合评价|指标)[\u4e00-\u9fff]{0,12}(?:汇总|一览|评分|得分|情况|体系|明细|自评)表?"
)
_GENERAL = re.compile(
    r"全国|全省|全市|全县|一般|公共|预算|财政|支出|专项|资金|部门|省级|市级|县级|区级|本级|本年|年度|一级|二级|三级|单位|整体|重点|政策|综合|具体|主要|"
    r"共性|个性|绩效|评价|指标|体系|自评|建设|项目|工程|补助|经费|工作|情况|报告|本|各|该|类|的"
)
_OTHERS = re.compile(r"同类|类似|对比|比较|其他|其它")
_LEAST = 4  # characters of a name that say what it is
_MOST = 20  # other projects that titles name by mistake


class _Title(NamedTuple):
    named: str
    document: Document
    paragraph: Paragraph
    own: str


def check(subject: Subject) -> Iterator[Problem]:
    titles = [title for document in subject.documents for title in _foreign(subject, document)]
    names = {title.named for title in titles}
    if len(names) > _MOST:
        return  # a list of projects
    spoken = {named: _speaking(subject, named) for named in sorted(names)}
    for named, document, paragraph, own in titles:
        if all(text == paragraph.text for text in spoken[named]):
            start = paragraph.text.index(named)
            yield KIND.on(document.where(paragraph, start, start + len(named)), named=named, own=own)


def _foreign(subject: Subject, document: Document) -> Iterator[_Title]:
    """Titles that name something else than the project."""
    own = _own(subject, document)
    known = _pairs("".join(own))
    for paragraph in document.paragraphs if own else ():
        text = paragraph.text.strip()
        match = _TITLE.fullmatch(text) if is_title(text) else None
        if match is None or _OTHERS.search(text):
            continue
        if len(_GENERAL.sub("", match["name"])) >= _LEAST and not _pairs(match["name"]) & known:
            yield _Title(match["name"], document, paragraph, own[0])


def _own(subject: Subject, document: Document) -> list[str]:
    """What the project is called, here and by itself."""
    project = subject.folder.project if subject.folder else None
    names = [project.name, project.agency] if project else []
    return [name for name in (*names, report_title(document)) if name and _pairs(name)]


def _pairs(text: str) -> set[str]:
    """Characters that stand side by side, general words aside."""
    return {part[at : at + 2] for part in _GENERAL.sub(" ", text).split() for at in range(len(part) - 1)}


def _speaking(subject: Subject, named: str) -> list[str]:
    """Two texts of paragraphs that mention most of the name: one of them is not the title itself."""
    words, found = _pairs(named), list[str]()
    for _, paragraph in paragraphs(subject.documents):
        if len(found) < 2 and 2 * sum(word in paragraph.text for word in words) > len(words) and paragraph.text not in found:
            found.append(paragraph.text)
    return found
