"""Sentences that give the total score without calling it the project's: 综合得分95.81分, 自评得分95.81分, 项目得分95.81分.

Such words are used of much else (a bid, a questionnaire, one indicator), so that only those are read that begin a clause and stand
in a sentence, below a heading and outside a section that speak of nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from perfeval.auditing._another import ANOTHER, of_a_part
from perfeval.auditing._claims import NUMBER
from perfeval.auditing._score_sentences import item_heads, item_matches, title_named
from perfeval.auditing._score_tables import Figure, figure, is_self_evaluation
from perfeval.model.document import Document, Paragraph

_OWN = r"(?:综上(?:所述)?|经(?:过)?(?:综合)?(?:评[价审分定]|打分|测算|计算|汇总|自评)|评价组?|本次|此次|本|项目|绩效|最终|最后|自评|的|(?:19|20)\d\d\s*年度?)"
_TOTAL = re.compile(
    rf"(?:^|(?<=[，,。；;！!？?])|(?<=(?:结论|结果|如下)[：:]))\s*(?P<own>{_OWN}{{0,6}}?)(?P<what>(?:自评|评价)?(?:综合得分|总得分|总分)|自评得分|项目得分|最终得分)"
    rf"\s*(?:为|是|共计?|：|:)?\s*(?P<points>{NUMBER})\s*分(?!\s*(?:以|及|或|的|制|值|至|到|[（(]不?含|[-—～~－\d]))"
)
_SENTENCE = re.compile(r"[。！!？?]")
_ELSE = re.compile(
    r"问卷|满意|测评|测试|考试|考核|答题|平均|每|各|竞赛|投标|评标|招标|中标|供应商|排名|名列|第[一二三四五六七八九十\d]+名|抽查|[该本此]项?指标|若|如果|假如|拟|预计|应得"
)
_A_PROJECT = re.compile(r"(?:项目|工程|资金)\s*(?:[（(][^（）()]*[）)])?\s*$")  # 1. 道路建设项目: one of several
_OTHER_YEAR = re.compile(ANOTHER.replace("自评|", ""))
_ANOTHER = re.compile(ANOTHER)
_FULL_OF = re.compile(r"\s*[，,、；;（(]\s*(?:其中|实际|最终|评价|自评)?(?:得|各|过程|决策|投入)")


def bare_totals(document: Document, period: Collection[int] = ()) -> Iterator[Figure]:
    """Each of them with its place. `period`: years of the project."""
    is_own = is_self_evaluation(document)
    another = _OTHER_YEAR if is_own else _ANOTHER
    year = re.compile(rf"(?:{'|'.join(map(str, period))})\s*年") if len({*period}) == 1 else None
    heads, heading, in_item = item_heads(document), "", False
    for at, paragraph in enumerate(document.paragraphs):
        if paragraph.level or at in heads or title_named(paragraph):
            heading, in_item = paragraph.text, at in heads
        in_item = in_item or bool(item_matches(paragraph))
        elsewhere = year.sub("", heading) if year else heading
        if in_item or another.search(elsewhere) or of_a_part(elsewhere) or _A_PROJECT.search(elsewhere):
            continue
        for found in _TOTAL.finditer(paragraph.text):
            said = _sentence(paragraph.text, found)
            if not (_ELSE.search(said) or another.search(year.sub("", said) if year else said) or _is_full(paragraph.text, found)):
                yield from _figure(document, paragraph, found)


def _sentence(text: str, found: re.Match[str]) -> str:
    """The sentence that it stands in, no further than a bit around."""
    before = _SENTENCE.split(text[max(0, found.start() - _AROUND) : found.start("what")])[-1]
    return before + _SENTENCE.split(text[found.start("what") : found.end() + _AROUND])[0]


_AROUND = 80  # characters


def _is_full(text: str, found: re.Match[str]) -> bool:
    """总分100分, 总分 20 分，得 18 分: what could be got."""
    return found["what"] == "总分" and (Fraction(found["points"]) % 50 == 0 or bool(_FULL_OF.match(text, found.end())))


def _figure(document: Document, paragraph: Paragraph, found: re.Match[str]) -> Iterator[Figure]:
    if made := figure(found["points"], document.where(paragraph, *found.span("points"))):
        yield made
