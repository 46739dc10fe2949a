"""What a change of a leaf means, in sentences: `60%<x<100% 时多得至多 0.5 分；x≥100% 不变`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from perfeval.diffing.functions import Gain, Stretch, gains
from perfeval.diffing.meaning import Answer, Difference, Given, Meaning
from perfeval.ir.bounds import Interval
from perfeval.ir.nodes import Number
from perfeval.model.folder import Indicators
from perfeval.model.tree import QuantityOf
from perfeval.problems import Fault
from perfeval.quantity import Unit
from perfeval.reports.changes.figures import figure, formula, points_of, stretch
from perfeval.reports.changes.words import Words

_CASES = 4  # combinations of answers in front of a quantity that are told one by one


class Meanings:
    """Sentences about the leaves of two rule sets."""

    def __init__(self, old: Indicators, new: Indicators, words: Words) -> None:
        self.sides, self.words = (old, new), words

    def sentences(self, meaning: Meaning) -> list[str]:
        """In the order of the rule; the same sentence about several parts is told once."""
        words = self.words
        found = [words("measured", old=old) if old == new else words("measured-as", old=old, new=new) for old, new in meaning.quantities]
        found += [words("read-as", name=name, old=old or words("bare"), new=new or words("bare")) for name, old, new in meaning.units]
        found += [words(f"asked-{side}", name=name) for name, side in meaning.asked]
        by_text: dict[str, list[str]] = {}
        for part, text in self._told(meaning.differences):
            by_text.setdefault(text, [])
            if part and part not in by_text[text]:
                by_text[text].append(part)
        for text, parts in by_text.items():
            found.append(words("of-part", part=words("entry-and").join(parts), told=text) if parts else text)
        return found

    def pieces(self, meaning: Meaning) -> list[str]:
        """Each stretch with the points before and after, for those who want to check."""
        found = []
        for one in meaning.differences:
            for at in one.stretches:
                before, after = (formula(span) or self.words("no-points") for span in (at.old, at.new))
                told = self.words("piece", where=self._where(at.interval, one.unit), old=before, new=after)
                told = self._given(one.given, told)
                found.append(self.words("of-part", part=one.part or one.quantity, told=told))
        return found

    # ---- one difference

    def _told(self, differences: Iterable[Difference]) -> Iterator[tuple[str, str]]:
        """The part, and what is said of it."""
        rest = list(differences)
        cases = 0
        while rest:
            one = rest.pop(0)
            twin = next((other for other in rest if one.alone and other.alone and other.part == one.part != ""), None)
            if twin is not None:
                rest.remove(twin)
                old, new = (one, twin) if one.alone == "old" else (twin, one)
                yield "", self.words("replaced", part=one.part, old=self._most(old), new=self._most(new))
            elif one.alone:
                yield "", self._alone(one)
            elif not one.proven:
                yield one.part, self.words("unproven")
            elif one.stretches:
                cases += bool(one.given)
                if not one.given or cases <= _CASES:
                    yield one.part, self._by_value(one)
            else:
                yield from ((one.part, text) for text in self._by_answer(one))
        if cases > _CASES:
            yield "", self.words.many("more-cases", cases - _CASES)

    def _most(self, one: Difference) -> str:
        return self.words("no-bound") if one.most is None else self.words.points(figure(one.most))

    def _alone(self, one: Difference) -> str:
        if one.most is None:
            return self.words(f"alone-{one.alone}-bare", part=one.part)
        if one.most <= 0:
            return self.words(f"deducts-{one.alone}", part=one.part)
        return self.words(f"alone-{one.alone}", part=one.part, most=self.words.points(figure(one.most)))

    def _by_answer(self, one: Difference) -> Iterator[str]:
        for answer in one.answers:
            yield self._answer(one, answer)
        if one.more:
            yield self.words.many("more-answers", one.more)

    def _answer(self, one: Difference, answer: Answer) -> str:
        words = self.words
        own = answer.given[0][0] if len(answer.given) == 1 else ""
        is_named = bool(own) and (one.part == own or one.part.endswith(f" / {own}"))
        given = words("answer-alone", answer=self._word(answer.given[0][1])) if is_named else self._all_given(answer.given)
        before, after = (points_of(span) for span in (answer.old, answer.new))
        old, new = (words("no-points") if one is None else words.points(one) for one in (before, after))
        said = {"old": old if before is None or after is None else before, "new": new}
        return words("answered", given=given, **said) if given else words("unasked", **said)

    def _all_given(self, given: Given) -> str:
        return self.words.listed([self.words("given", name=name, answer=self._word(answer)) for name, answer in given])

    def _given(self, given: Given, told: str) -> str:
        return self.words("if", given=self._all_given(given), told=told) if given else told

    def _word(self, answer: str) -> str:
        return self.words.yes_no.get(answer, answer)

    # ---- by the values of a quantity

    def _by_value(self, one: Difference) -> str:
        """What changes, stretch by stretch, then where nothing does."""
        found = list(gains(one.stretches, one.whole))
        at = [self._at(self._where(gain.interval, one.unit), self._gain(gain, one.stretches)) for gain in found]
        rest = [self._where(interval, one.unit) for interval in self._unchanged(one, found)]
        if rest:
            at.append(self.words("unchanged", where=self.words.listed(rest)))
        said = self.words("semicolon").join(at)
        same_name = one.quantity == one.part or one.part.endswith(f" / {one.quantity}")
        told = self._given(one.given, said + ("" if same_name else self.words("variable", name=one.quantity)))
        return self.words("semicolon").join([told, self.words.many("more-alike", one.more)]) if one.more else told

    def _where(self, interval: Interval, unit: Unit | None) -> str:
        return stretch(interval, unit, self.words.lang != "zh") or self.words("anywhere")

    def _at(self, where: str, told: str) -> str:
        return self.words("everywhere", told=told) if where == self.words("anywhere") else self.words("where", where=where, told=told)

    def _gain(self, gain: Gain, stretches: Iterable[Stretch]) -> str:
        told = self._silent(gain, stretches) if not gain.answered else self._points(gain.least, gain.most)
        return told + (self.words("but-places") if gain.apart else "")

    def _silent(self, gain: Gain, stretches: Iterable[Stretch]) -> str:
        """Which of the two has no answer there."""
        inside = [one for one in stretches if not one.interval.meet(gain.interval).is_empty]
        sides = [key for key, spans in (("old-silent", [one.old for one in inside]), ("new-silent", [one.new for one in inside]))
                 if any(None in span for span in spans)]  # fmt: skip
        return self.words.listed([self.words(key) for key in sides])

    def _points(self, least: Fraction | None, most: Fraction | None) -> str:
        words = self.words
        if least is None or most is None:
            return words("more" if least is not None and least >= 0 else "less" if most is not None and most <= 0 else "other-points")
        if least < 0 < most:
            return words("both-ways", less=words.points(figure(-least)), more=words.points(figure(most)))
        way, low, high = ("more", least, most) if most > 0 else ("less", -most, -least)
        if low == high:
            return words(f"{way}-exactly", n=words.points(figure(high)))
        if low == 0:
            return words(f"{way}-up-to", n=words.points(figure(high)))
        return words(f"{way}-between", low=figure(low), high=words.points(figure(high)))

    def _unchanged(self, one: Difference, found: list[Gain]) -> Iterator[Interval]:
        """The gaps between what changes, within the values that there can be."""
        low, high = self._possible(one)
        intervals = [gain.interval for gain in found]
        gaps = [Interval(a.high, b.low, not a.high_closed, not b.low_closed) for a, b in pairwise(intervals)]
        first, last = intervals[0], intervals[-1]
        if first.low is not None:
            gaps.insert(0, Interval(low, first.low, True, not first.low_closed))
        if last.high is not None:
            gaps.append(Interval(last.high, high, not last.high_closed, True))
        for gap in gaps:
            there = self._gap(gap, one.whole)
            if not there.is_empty:
                is_one = there.low == there.high
                yield there if is_one else _open(there, None if there.low == low else there.low, None if there.high == high else there.high)

    @staticmethod
    def _gap(interval: Interval, whole: bool) -> Interval:
        """Of whole values from the first to the last."""
        low, high, low_closed, high_closed = interval
        if not whole:
            return interval
        first = low if low is None or low_closed else low + 1
        last = high if high is None or high_closed else high - 1
        return Interval(first, last, True, True)

    def _possible(self, one: Difference) -> tuple[Number | None, Number | None]:
        """The declared ends of a quantity; what is measured or counted is not below nothing."""
        ends: list[list[Number]] = [[], []]
        for side in self.sides:
            declared = side.tree.quantities.get(one.quantity)
            for at, text in enumerate((declared.from_, declared.to) if declared else ()):
                if text is not None and declared is not None and (end := _read(text, declared, side)) is not None:
                    ends[at].append(end)
        least = one.stretches[0].interval.low
        low = min(ends[0]) if ends[0] else Fraction(0) if least is None or least >= 0 else None
        return low, max(ends[1]) if ends[1] else None


def _open(interval: Interval, low: Number | None, high: Number | None) -> Interval:
    """Without the ends that go without saying."""
    return Interval(low, high, interval.low_closed, interval.high_closed)


def _read(text: str, declared: QuantityOf, side: Indicators) -> Number | None:
    try:
        return declared.read_end(text, frozenset(side.tree.units))
    except Fault:
        return None  # told where it is declared
