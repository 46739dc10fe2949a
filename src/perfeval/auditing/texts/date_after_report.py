"""date-after-report: 文中已经发生的事，日期会不会晚于报告？ Does something that has happened bear a date after the report's own?

Reads: texts, report; the date of the project, else the month that the text is signed with.
Severity: warning.
Bad: 2024 年 5 月支付尾款 in a report of March 2024. Good: 2024 年 2 月支付尾款; 计划 2024 年 5 月验收.
Told of whole months, and only in sentences that tell what was done and name no plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from perfeval.auditing._claims import signed
from perfeval.auditing._contract import Need, Subject
from perfeval.model.document import Document
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import read_date

KIND = ProblemKind(
    "date-after-report",
    says="「{day}」晚于报告的日期（{report}），这里却写成已经发生的事。",
    remedy="核对日期；是计划的，写明计划。",
    en="“{day}” is after the date of the report ({report}), yet this tells what has happened.",
    en_remedy="Check the date; what is planned should say so.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ()

_SENTENCE = re.compile(r"[^。；;]+")
_MONTH = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?年\s?(?P<m>\d{1,2})\s?月(?:\s?\d{1,2}\s?日)?(?P<before>\s?(?:底|末)?(?:以?前|之前|内))?"
)
_DONE = re.compile(r"已|完成|支付|发放|拨付|到账|到位|下达|印发|签订|验收|收到|开展了?|实施了|竣工|投入使用|发现|调查|核查")
_PLANNED = re.compile(r"[将拟应]|计划|预计|规划|目标|期限|到期|届满|有效期|为止|下一步|建议|争取|确保|尚未|没有|要求|力争|不得")


def check(subject: Subject) -> Iterator[Problem]:
    for document in subject.documents:
        day = _of_report(subject, document)
        if day is not None:
            yield from _after(document, day)


def _of_report(subject: Subject, document: Document) -> date | None:
    project = subject.folder.project if subject.folder else None
    own = read_date(project.date, end_of_month=False) if project and project.date else None
    days = [one for one in (own, signed(document)) if one is not None]
    return max(days, default=None)


def _after(document: Document, day: date) -> Iterator[Problem]:
    for paragraph in document.paragraphs:
        for sentence in _SENTENCE.finditer(paragraph.text):
            if not _DONE.search(sentence[0]) or _PLANNED.search(sentence[0]):
                continue
            for found in _MONTH.finditer(sentence[0]):
                if not found["before"] and 1 <= int(found["m"]) <= 12 and (int(found["y"]), int(found["m"])) > (day.year, day.month):
                    where = document.where(paragraph, sentence.start() + found.start(), sentence.start() + found.end())
                    yield KIND.on(where, day=found[0], report=f"{day.year}-{day.month:02}")
