"""date-after-report: 文中已经发生的事，日期会不会晚于报告？ Does something that has happened bear a date after the report's own?

Reads: texts, report; the date of the project, else the month that the text is signed with.
Severity: warning.
Bad: 已于 2024 年 5 月支付尾款 in a report of March 2024. Good: 已于 2024 年 2 月支付尾款; 计划 2024 年 5 月验收; 合同期已延至 2024 年 5 月.
Told of whole months, and only where 已, 了 or 于 with what was done governs the date itself: a period, or what has been agreed
for later, is no finding.
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
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?年\s?(?P<m>\d{1,2})\s?月(?:份|\s?\d{1,2}\s?日|\s?[上中下]旬|\s?[底末初])?(?P<before>\s?(?:以?前|之前|内))?"
)
_VERB = (
    "(?:完成|支付|支出|发放|拨付|拨出|付清|到账|到位|下达|印发|签订|签署|通过|收到|收回|开展|实施|开工|完工|竣工|建成|投入使用|交付|验收|移交|"
    "召开|组织|发现|调查|核查|补付|归还|采购|购置|启动|取得|办理|缴纳)"
)
_HOW = r"(?:全部|正式|顺利|陆续|分别|一次性|全额|足额|及时|如期|共|均|再|又)?"
_BEFORE = re.compile(rf"已(?:经)?\s?{_HOW}\s?[于在]\s?$")  # 已于 2024 年 5 月
_HAS = re.compile(rf"\s?[^，,、：:的期至到已了]{{0,10}}已(?:经)?{_HOW}{_VERB}(?!至|到(?!位|账))")  # 2024 年 5 月尾款已支付
_DID = re.compile(rf"\s?{_HOW}{_VERB}了")  # 2024 年 5 月支付了尾款
_ON = re.compile(r"(?<![将拟定须需订])[于在]\s?$")  # 于 2024 年 5 月 …
_WAS_DONE = re.compile(rf"\s?{_HOW}{_VERB}(?!期限|日期|时限|时间)")  # … 通过验收
_BEGINS, _COMMA = re.compile(r"(?:^|截[至止])\s?$"), re.compile(r"\s?[，,]")  # 截至 2024 年 5 月，…已支付
_RANGE_BEFORE = re.compile(r"(?<!截)[至到—–～~-]\s?$")
_RANGE_BEHIND = re.compile(r"\s?(?:[至—–～~-]|到\s?\d)")
_PLANNED = re.compile(
    r"[将拟应须]|计划|预计|规划|目标|期限|到期|届满|有效期|为止|下一步|建议|争取|确保|尚未|没有|要求|力争|不得|承诺|约定|商定|协议|延期|延长|延至|展期"
)


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
            if _PLANNED.search(sentence[0]):
                continue
            for found in _MONTH.finditer(sentence[0]):
                later = 1 <= int(found["m"]) <= 12 and (int(found["y"]), int(found["m"])) > (day.year, day.month)
                if later and not found["before"] and _has_happened(sentence[0][: found.start()], sentence[0][found.end() :]):
                    where = document.where(paragraph, sentence.start() + found.start(), sentence.start() + found.end())
                    yield KIND.on(where, day=found[0], report=f"{day.year}-{day.month:02}")


def _has_happened(before: str, behind: str) -> bool:
    """Do the words right before or behind a date say that it is past?"""
    if _RANGE_BEFORE.search(before) or _RANGE_BEHIND.match(behind):
        return False
    if _BEFORE.search(before) or _HAS.match(behind) or _DID.match(behind):
        return True
    if _BEGINS.search(before) and (comma := _COMMA.match(behind)):
        return bool(_HAS.match(behind[comma.end() :]))
    return bool(_ON.search(before) and _WAS_DONE.match(behind))
