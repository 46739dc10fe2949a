"""The comparison for programs: everything that was found, exact. The format is written down in `json_format`.

Keys are sorted, text is UTF-8 unescaped, there is no clock and no absolute path in it: the same input gives the same bytes.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from perfeval.diffing.changes import Chain, Change
from perfeval.diffing.functions import Span, Stretch
from perfeval.diffing.meaning import Answer, Difference, Given, Meaning
from perfeval.diffing.rules import LeafDiff, RuleDiff
from perfeval.problems import Lang, Origin
from perfeval.quantity import show_decimal
from perfeval.reading.rule_sources import RuleSet
from perfeval.reports.changes.compared import Compared, leaves
from perfeval.reports.changes.meanings import Meanings
from perfeval.reports.changes.projects_json import number, project_part, spread_part, table_part
from perfeval.reports.changes.view import counts
from perfeval.reports.changes.words import Words

if TYPE_CHECKING:
    from perfeval.reports.changes.json_format import (
        AnswerPart,
        ChangePart,
        DifferencePart,
        Document,
        GivenAnswer,
        LeafPart,
        MeaningPart,
        NodePart,
        PointsAt,
        Quotient,
        RuleSetPart,
        StretchPart,
    )


def render(compared: Compared, lang: Lang) -> str:
    return dumps(document(compared, lang), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def document(compared: Compared, lang: Lang) -> Document:
    """The comparison as JSON values."""
    told: Document = {"perfeval": 1, "old": _rules(compared.old), "new": _rules(compared.new), "differs": compared.differs}
    if compared.diff is not None and compared.old is not None and compared.new is not None:
        told.update(_Told(compared.diff, compared.old, compared.new, lang).all())
    if compared.moved:
        told["projects"] = [project_part(one, lang) for one in compared.moved]
        told["distribution"] = spread_part(compared)
    if compared.table is not None:
        told["table"] = table_part(compared.table)
    return told


def _rules(rules: RuleSet | None) -> RuleSetPart | None:
    if rules is None:
        return None
    tree = rules.indicators.tree
    return {
        "name": rules.name,
        "id": tree.id,
        "title": tree.title,
        "revision": rules.revision,
        "leaves": leaves(rules.indicators),
        "total": show_decimal(tree.total),
    }


class _Told:
    def __init__(self, diff: RuleDiff, old: RuleSet, new: RuleSet, lang: Lang) -> None:
        self.diff, self.old, self.new = diff, old, new
        self.meanings = Meanings(diff.old, diff.new, Words(lang))

    def all(self) -> Document:
        diff = self.diff
        return {  # type: ignore[typeddict-item]  # the part of a document that two rule sets have
            "counts": counts(diff),
            "pairings": [
                {"old": _names(pair.old), "new": _names(pair.new), "how": pair.how, "likeness": show_decimal(pair.likeness)}
                for pair in diff.structure.pairs
                if pair.how in ("path", "likeness")
            ],
            "leaves": [self.leaf(one) for one in diff.leaves],
            "added": [_node(pair.new) for pair in diff.added if pair.new],
            "removed": [_node(pair.old) for pair in diff.removed if pair.old],
            "changes": [self.change(one) for one in diff.others],
        }

    def leaf(self, leaf: LeafDiff) -> LeafPart:
        chains = next((pair.old, pair.new) for pair in self.diff.structure.pairs if pair.new and pair.new[-1] is leaf.new)
        return {
            "old": _node(chains[0]),
            "new": _node(chains[1]),
            "differs": leaf.differs,
            "changes": [self.change(one) for one in leaf.changes],
            "meaning": self.meaning(leaf.meaning),
        }

    def change(self, one: Change) -> ChangePart:
        return {
            "what": one.what,
            "path": list(one.path),
            "old_id": one.old_key,
            "new_id": one.new_key,
            "old": one.old,
            "new": one.new,
            "old_place": _place(self.old, one.old_origin),
            "new_place": _place(self.new, one.new_origin),
            "scores": one.scores,
        }

    def meaning(self, meaning: Meaning) -> MeaningPart:
        return {
            "same": meaning.same,
            "quantities": [{"old": old, "new": new} for old, new in meaning.quantities],
            "units": [{"name": name, "old": old, "new": new} for name, old, new in meaning.units],
            "asked": [{"name": name, "side": side} for name, side in meaning.asked],
            "differences": [_difference(one) for one in meaning.differences],
            "told": self.meanings.sentences(meaning),
        }


def _place(rules: RuleSet, origin: Origin | None) -> str:
    return "" if origin is None else str(rules.sources.where(origin))


def _names(chain: Chain | None) -> list[str]:
    return [node.name for node in chain or ()]


def _node(chain: Chain | None) -> NodePart:
    assert chain
    return {"id": chain[-1].key, "path": _names(chain), "weight": show_decimal(chain[-1].weight)}


def _difference(one: Difference) -> DifferencePart:
    return {
        "part": one.part,
        "quantity": one.quantity,
        "unit": one.unit.symbol if one.unit else "",
        "given": _given(one.given),
        "whole": one.whole,
        "stretches": [_stretch(at) for at in one.stretches],
        "answers": [_answer(at) for at in one.answers],
        "more": one.more,
        "alone": one.alone,
        "most": number(one.most),
        "proven": one.proven,
    }


def _given(given: Given) -> list[GivenAnswer]:
    return [{"name": name, "answer": answer} for name, answer in given]


def _stretch(one: Stretch) -> StretchPart:
    low, high, low_closed, high_closed = one.interval
    return {
        "low": number(low),
        "high": number(high),
        "low_closed": low is not None and low_closed,
        "high_closed": high is not None and high_closed,
        "old": _points(one.old),
        "new": _points(one.new),
        "least": number(one.least),
        "most": number(one.most),
    }


def _answer(one: Answer) -> AnswerPart:
    return {"given": _given(one.given), "old": _points(one.old), "new": _points(one.new)}


def _points(span: Span) -> PointsAt:
    low, high = (
        None if end is None else _quotient([show_decimal(x) for x in end.over], [show_decimal(x) for x in end.under]) for end in span
    )
    return {"low": low, "high": high}


def _quotient(over: list[str], under: list[str]) -> Quotient:
    return {"over": over, "under": under}
