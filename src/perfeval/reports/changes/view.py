"""A comparison as a report: what is said, in which order. Formats place it and no more.

First the verdict, then each indicator that means something else, what was only spelled otherwise, other changes, what all
that does to projects; wording last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from perfeval.diffing.changes import Change, Pair
from perfeval.diffing.rules import LeafDiff, RuleDiff
from perfeval.problems import Lang
from perfeval.quantity import show_decimal, show_rate
from perfeval.reading.rule_sources import RuleSet
from perfeval.reports.blocks import Block, Bullets, Heading, Item, Line, Paragraph, Report, Section, TraceLine
from perfeval.reports.changes.compared import Compared, leaves
from perfeval.reports.changes.edits import edits
from perfeval.reports.changes.effects import LISTED, Effects
from perfeval.reports.changes.figures import between, signed
from perfeval.reports.changes.meanings import Meanings
from perfeval.reports.changes.tables import of_table
from perfeval.reports.changes.words import Words

if TYPE_CHECKING:
    from perfeval.reports.changes.json_format import Counts

MOST_TOLD = 5  # projects whose totals stand in the verdict
_TOLD: tuple[Literal["differ", "added", "removed", "others", "respelled"], ...] = ("differ", "added", "removed", "others", "respelled")


class Wanted(NamedTuple):
    """How much is told: the stretches of each rule and the indicators of each project; changes of wording."""

    details: bool = False
    wording: bool = False


def report_of(compared: Compared, lang: Lang, wanted: Wanted) -> Report:
    """The comparison in the blocks that every format places."""
    return _View(compared, Words(lang), wanted).report()


def verdict(compared: Compared, lang: Lang) -> str:
    """The first sentence of all."""
    return _View(compared, Words(lang), Wanted()).verdict()


class _View:
    def __init__(self, compared: Compared, words: Words, wanted: Wanted) -> None:
        self.compared, self.words, self.wanted = compared, words, wanted
        self.effects = Effects(compared, words)
        diff = compared.diff
        self.differing = [leaf for leaf in diff.leaves if leaf.differs] if diff else []

    def report(self) -> Report:
        words, (old, new) = self.words, (self._called(self.compared.old), self._called(self.compared.new))
        made = [(key, list(blocks)) for key, blocks in self._sections()]
        meta = [(words("before"), self._whole_name(self.compared.old)), (words("after"), self._whole_name(self.compared.new))]
        rate_label, rate = self._change()
        return Report(
            lang="zh-CN" if words.lang == "zh" else "en",
            title=words("title", old=old, new=new), project=words("pair-of-names", old=old, new=new), kind=words("kind"),
            meta=tuple(meta), score_label=words("differing"), score=str(len(self.differing)), of=str(self._of()),
            rate_label=words(rate_label), rate=rate or words("none"),
            grade_label=words("verdict"), grade=words("differs" if self.compared.differs else "same"),
            sections=tuple(Section(key, words(key), tuple(blocks)) for key, blocks in made if blocks),
            words={key: words(key) for key in ("skip", "contents", "footer", "colon", "semicolon")},
        )  # fmt: skip

    def _change(self) -> tuple[str, str]:
        """What stands at the top: the change of the only project, or the mean of a table."""
        reached, table = self.compared.reached, self.compared.table
        if len(reached) == 1 and reached[0].effect is not None:
            return "total-change", between(reached[0].effect.change)
        if table is not None and not reached and table.changes.mean is not None:
            return "mean", signed(table.changes.mean)
        return "total-change", ""

    def _of(self) -> int:
        return max(leaves(side.indicators) for side in (self.compared.old, self.compared.new) if side is not None)

    def _called(self, rules: RuleSet | None) -> str:
        return self.words("nothing") if rules is None else rules.name

    def _whole_name(self, rules: RuleSet | None) -> str:
        if rules is None:
            return self.words("nothing")
        name = self.words("at-commit", name=rules.name, commit=rules.revision) if rules.revision else rules.name
        title = rules.indicators.tree.title or rules.indicators.tree.id
        return self.words("named-rules", title=title, name=name)

    def _sections(self) -> Iterator[tuple[str, Iterator[Block]]]:
        yield "summary", self._summary()
        diff = self.compared.diff
        if diff is not None:
            meanings = Meanings(diff.old, diff.new, self.words)
            yield "leaves", (self._leaf(leaf, diff, meanings, number) for number, leaf in enumerate(self.differing, 1))
            yield "respelled", self._respelled(diff)
            yield "others", self._others(diff)
            yield "effects", self._effects()
            if self.compared.table is not None:
                yield "table", of_table(self.compared.table, self.words)
            if self.wanted.details and len(self.compared.reached) > 1:
                yield "details", self._details()
            if self.wanted.wording:
                yield "wordings", self._wordings(diff)

    # ---- the verdict

    def verdict(self) -> str:
        words, diff = self.words, self.compared.diff
        if diff is None:
            rules, key = self.compared.only, "set-added" if self.compared.old is None else "set-removed"
            tree = rules.indicators.tree
            return words(key, name=rules.name, title=tree.title or tree.id, n=str(leaves(rules.indicators)), total=show_decimal(tree.total))
        if not diff.differs and self.compared.otherwise:
            return words("yet-moved", n=str(self.compared.otherwise))
        if not diff.structure.changes and not diff.leaves:
            return words("identical")
        found = counts(diff)
        told_of = {key: found[key] for key in _TOLD}
        there = {key: count for key, count in told_of.items() if count}
        told = [words.many("only-others" if key == "others" and len(there) == 1 else key, count) for key, count in there.items()]
        if not diff.differs:
            return words.joined(words("equal"), words.sentence(words("listed").join(told)) if told else "")
        return words.sentence(words("listed").join(told))

    def _summary(self) -> Iterator[Block]:
        words = self.words
        yield Paragraph(self.verdict(), "lead")
        told = [self.effects.line(one) for one in self.compared.reached] if len(self.compared.reached) <= MOST_TOLD else []
        for one in self.compared.moved:
            if one.effect is None:
                errors = sum(problem.is_error for problem in one.problems)
                told.append(words("not-compared-one" if errors == 1 else "not-compared", folder=one.folder, n=str(errors)))
        if self.compared.diff is not None and (wordings := counts(self.compared.diff)["wording"]):
            said = words.many("wordings", wordings)
            told.append(said if self.wanted.wording else words("wording-hint", n=said))
        if told:
            yield Bullets(tuple(told))

    # ---- leaves

    def _leaf(self, leaf: LeafDiff, diff: RuleDiff, meanings: Meanings, number: int) -> Item:
        words = self.words
        pair = next(one for one in diff.structure.pairs if one.new and one.new[-1] is leaf.new)
        edited = edits((one for one in leaf.changes if one.what != "wording"), leaf.old, leaf.new, words)
        means = meanings.sentences(leaf.meaning)
        means = means or self._beside(leaf)
        lines = [Line(words(key), "\n".join(map(_one_line, told))) for key, told in (("edited", edited), ("means", means)) if told]
        pieces = meanings.pieces(leaf.meaning) if self.wanted.details else []
        old, new = show_decimal(leaf.old.weight), show_decimal(leaf.new.weight)
        badge = words("weight", n=new) if old == new else words("weights", old=old, new=new)
        return Item(
            f"leaf-{number}", leaf.new.name, 3, badge, "part", self._placed(pair), tuple(lines), words("piecewise"),
            tuple(TraceLine(text, 0) for text in pieces),
        )  # fmt: skip

    def _beside(self, leaf: LeafDiff) -> list[str]:
        """Why a leaf is told whose rule means the same."""
        told = []
        if any(one.what == "moved" for one in leaf.changes):
            told.append("other-parent")
        if leaf.reweighted:
            told.append("other-weight")
        if leaf.old.key != leaf.new.key:
            told.append("other-key")
        return [self.words(key) for key in told]

    def _placed(self, pair: Pair) -> str:
        """Above it, and how it was found where it does not bear the same id."""
        words = self.words
        chain = pair.new or pair.old or ()
        told = [words("path-step").join(node.name for node in chain[:-1])]
        if pair.how == "path":
            told.append(words("paired-path"))
        elif pair.how == "likeness" and pair.old:
            told.append(words("paired-likeness", rate=show_rate(pair.likeness), old=pair.old[-1].name))
        return words("semicolon").join(filter(None, told))

    def _respelled(self, diff: RuleDiff) -> Iterator[Block]:
        told = []
        for leaf in respelled(diff):
            lines = edits(_but_wording(leaf.changes), leaf.old, leaf.new, self.words)
            told.append(f"{leaf.new.name}{self.words('colon')}{self.words('semicolon').join(lines)}")
        if told:
            yield Bullets(tuple(told))

    # ---- everything else

    def _others(self, diff: RuleDiff) -> Iterator[Block]:
        words = self.words
        told = []
        for key, pairs in (("node-added", diff.added), ("node-removed", diff.removed)):
            for pair in pairs:
                chain = pair.new or pair.old or ()
                name = words("path-step").join(node.name for node in chain)
                told.append(words(key, name=name, weight=words.points(show_decimal(chain[-1].weight))))
        told += self._of_others(diff, [one for one in others(diff) if one.what != "wording"])
        if told:
            yield Bullets(tuple(told))

    def _of_others(self, diff: RuleDiff, changes: list[Change]) -> list[str]:
        """Of the file, then of each node that is no leaf."""
        told = edits((one for one in changes if not (one.old_key or one.new_key)), diff.old.tree, diff.new.tree, self.words)
        for pair in diff.structure.pairs:
            if pair.old and pair.new:
                own = [one for one in changes if (one.old_key, one.new_key) == (pair.old[-1].key, pair.new[-1].key)]
                lines = edits(own, pair.old[-1], pair.new[-1], self.words)
                told += [f"{pair.new[-1].name}{self.words('colon')}{line}" for line in lines]
        return told

    def _wordings(self, diff: RuleDiff) -> Iterator[Block]:
        told = self._of_others(diff, [one for one in diff.structure.changes if one.what == "wording"])
        if told:
            yield Bullets(tuple(told))

    # ---- projects

    def _effects(self) -> Iterator[Block]:
        reached = self.compared.reached
        if len(reached) == 1:
            effect = reached[0].effect
            if effect is None or (effect.change.is_zero and not effect.leaves):
                return  # the verdict has said it
            yield from self.effects.of_one(reached[0], 1)
            yield Paragraph(self.words("effect-note"), "note")
        elif reached:
            yield from self.effects.of_many()

    def _details(self) -> Iterator[Block]:
        yield Paragraph(self.words("effect-note"), "note")
        in_contents = len(self.compared.reached) <= LISTED
        for number, one in enumerate(self.compared.reached, 1):
            yield Heading(self.effects.shown[one.folder], 3, f"project-{number}" if in_contents else "")
            yield from self.effects.of_one(one, number)


def counts(diff: RuleDiff) -> Counts:
    """How many indicators mean something else, were only spelled otherwise, came or went; other changes, and those of wording."""
    return {
        "differ": sum(leaf.differs for leaf in diff.leaves),
        "respelled": len(respelled(diff)),
        "added": _leaves(diff.added),
        "removed": _leaves(diff.removed),
        "others": sum(map(diff.counts, others(diff))),
        "wording": sum(one.what == "wording" for one in diff.structure.changes),
    }


def respelled(diff: RuleDiff) -> list[LeafDiff]:
    """Leaves in which something was edited that comes to the same."""
    return [leaf for leaf in diff.leaves if not leaf.differs and _but_wording(leaf.changes)]


def others(diff: RuleDiff) -> list[Change]:
    """Outside the leaves, but for indicators that came or went."""
    return [one for one in diff.others if one.what not in ("added", "removed")]


def _one_line(text: str) -> str:
    """Line breaks of the data are blanks, so that those between sentences are ours alone."""
    return " ".join(text.splitlines())


def _but_wording(changes: tuple[Change, ...]) -> list[Change]:
    return [one for one in changes if one.what != "wording"]


def _leaves(pairs: tuple[Pair, ...]) -> int:
    return sum(not chain[-1].children for pair in pairs for chain in (pair.old, pair.new) if chain)
