"""repealed-document: 引用的文件还有效吗？ Are the documents that are named still in force?

Reads: texts, report; the date and period of the project, else the date that the text is signed with; the register `_register.py`.
Severity: warning.
Bad: 根据《财政支出绩效评价管理暂行办法》 in an evaluation of 2023. Good: 《项目支出绩效评价管理办法》（财预〔2020〕10号）; a text of
2019; a document of a province that bears the name of the province; one that is said to be repealed.
Clause: 财预〔2020〕10号 takes the place of 财预〔2011〕285号 on 2020-02-25.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from perfeval.auditing._claims import signed
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._register import REGISTER, Repealed
from perfeval.model.document import Document
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import read_date

KIND = ProblemKind(
    "repealed-document",
    says="「{document}」自 {day} 起已被{by}取代。",
    remedy="改引现行文件；确需提到旧文件的，写明已废止。",
    en="“{document}” no longer holds since {day}; {by} has taken its place.",
    en_remedy="Name the document in force; where the old one must be named, say that it was repealed.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_SAID = re.compile(r"废止|失效|取代|代替|替代|原《|原〈|不再执行")
_NEARBY = 20  # characters in which a text may say that a document was repealed


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        for repealed in REGISTER:
            if (day := _counts(subject, document, repealed)) and day >= repealed.day:
                yield from _named(document, repealed)


def _counts(subject: Subject, document: Document, repealed: Repealed) -> date | None:
    """The day on which it had to be in force."""
    project = subject.folder.project if subject.folder else None
    if repealed.binds == "work":
        return project.period.from_ if project and project.period else None
    if project and project.date:
        return read_date(project.date, end_of_month=False)
    return signed(document)


def _named(document: Document, repealed: Repealed) -> Iterator[Problem]:
    pattern = _pattern(repealed)
    for paragraph in document.paragraphs:
        end = 0
        for match in pattern.finditer(paragraph.text):
            around = paragraph.text[max(match.start() - _NEARBY, 0) : match.end() + _NEARBY]
            follows = bool(end) and not re.search(r"[。；，、]", paragraph.text[end : match.start()])  # a title and its number
            end = match.end()
            if not follows and not _SAID.search(around):
                where = document.where(paragraph, *match.span())
                yield KIND.on(where, document=match[0], day=repealed.day.isoformat(), by=repealed.by)


def _pattern(repealed: Repealed) -> re.Pattern[str]:
    """The title as a whole in its brackets (a longer one is another document), or the number with any brackets and blanks."""
    number = "".join(_spaced(one) for one in repealed.number)
    title = r"\s*".join(repealed.title)
    wrapped = rf"(?<=[《〈<]){title}(?=\s*[》〉>])|" if title else ""
    if "〔" in repealed.number:
        number = rf"(?:(?<![\u4e00-\u9fff])|(?<=[据按照及和与以])){number}"  # 晋财预〔2011〕285号 is another document
    return re.compile(wrapped + number)


def _spaced(character: str) -> str:
    either = {"〔": r"[〔\[【﹝（(［]", "〕": r"[〕\]】﹞）)］]", "第": "第?"}.get(character, character)
    return either + ("" if character == "号" else r"\s*")
