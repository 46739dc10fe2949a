"""printed-loss: 文中说扣的分就是权重减得分吗？ Are the points that a text takes off those that the indicator lost?

Reads: the report (below “X”指标权重 5 分，得分 4 分: 本指标扣 1 分，本指标得分 4 分; 扣除该指标 50%分值; a single 扣 1 分).
Severity: warning.
Bad: 扣除该指标 50%分值 of a weight of 5 where 4.5 are given. Good: 本指标扣 1 分 of 5 where 4 are given; 扣 1.33 分 of 10 where 8.7
are given, which was rounded; 每低 1 个百分点扣 0.5 分, which is the rule again; what is lost below the next title or by another
indicator (另有食品安全检查扣3分).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from perfeval.auditing._claims import NUMBER, places_of
from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._rounding import half_digit, rounding
from perfeval.auditing._rule_sentences import RuleText, rule_texts
from perfeval.auditing._score_mentions import mentions
from perfeval.auditing._score_sentences import title_named
from perfeval.auditing._score_tables import plain
from perfeval.problems import Problem, ProblemKind, Severity
from perfeval.quantity import show_decimal

KIND = ProblemKind(
    "printed-loss",
    says="「{name}」的「{text}」与得分不符：权重 {weight} 分，得 {score} 分，失 {lost} 分。",
    remedy="核对扣分和得分，改写错的一个。",
    en="“{text}” under “{name}” does not fit its score: {score} of {weight} points, {lost} lost.",
    en_remedy="Compare what was taken off with the score, and mend the wrong one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("report",)

_N = rf"({NUMBER})"
_POINTS = rf"(?P<points>{NUMBER})"
_LOST = re.compile(rf"(?:(?P<own>[本该]指标)|合计|共计|共)\s*扣(?:除|减)?\s*{_POINTS}\s*分")
_LEFT = re.compile(rf"[本该]指标(?:最终|实际)?得(?:分|满分)?\s*(?:为)?\s*{_N}\s*分(?!值)")
_SHARE = re.compile(rf"扣(?:除|减)?[本该]指标(?:的|权重的?|分值的?)?\s*{_N}\s*[%％](?:的?(?:分值|权重|分数))?")
_SINGLE = re.compile(rf"扣(?:除|减|了)?\s*{_POINTS}\s*分")
_RULE = re.compile(r"每[^，。；;]*$")
_NOT_TAKEN = re.compile(r"(?:应|未|不|可|须|需|免|未予|不予|不再|(?:未发现|没有发现|不存在|(?<!例)如|若)[^，。；;]*)$")
_SENTENCE = re.compile(r"[^。；;]+[。；;]?")
_STOP = re.compile(r"[。；;]")
_ANOTHER = re.compile(r"\s*“?(?![该本此])[^，。；;]{2,30}?”?\s*指标的?(?:权重|分值|满分)(?:为|是|共)?\s*\d")
_ELSE = re.compile(r"另有|另外|此外有|其他指标|其余指标|别的指标")
_OPENING = re.compile(r"^[\s“「]+")
_SHORTEST_NAME, _LONGEST_NAME = 3, 30  # a shorter word may be any other
_MOST_LOSSES = 20  # of one indicator that are looked at
_SAID = 80  # characters before a loss in which another may be named
_BEFORE = 30  # characters before a loss that may say that it is none


def check(subject: Subject) -> Iterator[Problem]:
    assert subject.report is not None
    half = rounding(subject.report).score
    names = _names(subject)
    for rule in rule_texts(subject.report):
        if rule.score is None or rule.row is not None:
            continue
        for start, end in _wrong(rule._replace(text=rule.text[: _own_end(rule, names)]), rule.score, half, names):
            where = rule.where(subject.report, start, end)
            shown = {"weight": show_decimal(rule.weight), "score": show_decimal(rule.score), "lost": show_decimal(rule.weight - rule.score)}
            yield KIND.on(where, name=rule.name, text=rule.text[start:end], **shown)


def _names(subject: Subject) -> frozenset[str]:
    """What the report and the rules call indicators."""
    assert subject.report is not None
    found = {one.name for one in mentions(subject.report)}
    found |= {plain(node.name) for _, node in subject.leaves()} if subject.rules else set()
    return frozenset(found)


def _begins_with_other(text: str, name: str, names: frozenset[str]) -> bool:
    """With the name of another indicator; not one that holds this name or is held by it."""
    begun = (text[:length] for length in range(_SHORTEST_NAME, min(_LONGEST_NAME, len(text)) + 1))
    return any(one in names and one not in name and name not in one for one in begun)


def _own_end(rule: RuleText, names: frozenset[str]) -> int:
    """Where what was found of this indicator ends: at a numbered title, or a sentence that begins with another indicator."""
    begin = len(rule.rule)
    for piece in rule.pieces:
        if piece.offset >= begin and piece.start == 0 and title_named(piece.paragraph):
            return piece.offset
        stop = piece.offset + len(piece.paragraph.text) - piece.start
        for sentence in _SENTENCE.finditer(rule.text, max(begin, piece.offset), max(begin, stop)):
            if _ANOTHER.match(sentence[0]) or _begins_with_other(_OPENING.sub("", sentence[0]), rule.name, names):
                return sentence.start()
    return len(rule.text)


def _is_own(rule: RuleText, start: int, names: frozenset[str]) -> bool:
    """Whether nothing else is named in the sentence before a loss."""
    said = _STOP.split(rule.text[max(0, start - _SAID) : start])[-1]
    return not (_ELSE.search(said) or any(_begins_with_other(said[at:], rule.name, names) for at in range(len(said))))


def _wrong(rule: RuleText, score: Fraction, half: Fraction, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    begin, text, lost = len(rule.rule), rule.text, rule.weight - score
    told = list(_LOST.finditer(text, begin))
    told = [one for one in told if one["own"]] or told[: len(told) == 1]  # 共扣 may be of one item
    told = [one for one in told if one["own"] == "本指标" or _is_own(rule, one.start(), names)]
    losses = list(_SINGLE.finditer(text, begin))
    if any(not _is_own(rule, one.start(), names) for one in losses[:_MOST_LOSSES]):
        losses = []  # of which some are another's
    shares = list(_SHARE.finditer(text, begin))
    for found in told or ([] if shares else _only(text, losses)):
        if not _is(found["points"], lost, half):
            yield found.span()
    for found in _LEFT.finditer(text, begin):
        if not _is(found[1], score, half):
            yield found.span()
    if len(shares) == 1 and not losses and abs(Fraction(shares[0][1]) / 100 * rule.weight - lost) > half:
        yield shares[0].span()


def _only(text: str, losses: list[re.Match[str]]) -> list[re.Match[str]]:
    """The loss that is told alone; none beside 每处扣 1 分, of which nobody says how often."""
    before = [text[max(0, one.start() - _BEFORE) : one.start()] for one in losses]
    taken = [one for one, said in zip(losses, before, strict=True) if not _NOT_TAKEN.search(said)]
    return taken if len(taken) == 1 and not any(map(_RULE.search, before)) else []


def _is(text: str, exact: Fraction, half: Fraction) -> bool:
    """The same, or the same in as many decimals as are printed; `half`: how far the score itself may have been rounded."""
    places = places_of(text)
    return abs(Fraction(text) - exact) <= half + (half_digit(places) if places else 0)
