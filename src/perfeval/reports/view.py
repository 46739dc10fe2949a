"""A result as a report: which sections there are, in which order, and what is said where. Formats place it and no more.

The outline is that of 财预〔2020〕10号 annex 2 (一 基本情况 … 七 其他需要说明的问题), so that the usual table
numbers hold: 表 3-1, 表 3-2, 表 4-1 to 4-n. A section without content says so; its number stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from perfeval.model.result import Extra, Indicator, Result
from perfeval.problems import Problem
from perfeval.quantity import show_short
from perfeval.reports import charts, tables
from perfeval.reports.blocks import Block, Bullets, Facts, Heading, Paragraph, Report, Section, Tile, Tiles
from perfeval.reports.chapters import chapters
from perfeval.reports.figures import Figures

MOST_NAMED = 5  # sums that differ by rounding

_last: tuple[Result, Report] | None = None


def report_of(result: Result) -> Report:
    """The report of a result; the formats of one run share it."""
    global _last
    if _last is None or _last[0] is not result:
        _last = result, _report(result)
    return _last[1]


def _report(result: Result) -> Report:
    f = Figures(result)
    words = f.words
    kind = words.known(f"kind-{result.mode}", words("kind-evaluation"))
    meta = [(words("agency"), result.agency), (words("institution"), result.institution),
            (words("date"), words.day(result.date) if result.date else "")]  # fmt: skip
    numbered = [
        ("facts", _facts(f)), ("basis", _basis(f)), ("results", _results(f)), ("analysis", chapters(f)),
        ("found", _found(f)), ("advice", _advice(f)), ("remarks", _remarks(f)),
    ]  # fmt: skip
    sections = [Section("summary", words("summary"), tuple(_summary(f)))]
    sections += [
        Section(id_, words("section-numbered", n=words.ordinal(n), title=words(id_)), tuple(blocks))
        for n, (id_, blocks) in enumerate(numbered, 1)
    ]
    for n, (id_, table) in enumerate([("annex-tree", tables.annex(f)), ("annex-values", tables.values(f))], 1):
        blocks = (table,) if table else (Paragraph(words("no-values")),)
        sections.append(Section(id_, words("annex", n=str(n), title=words(id_)), blocks))
    return Report(
        lang="zh-CN" if result.lang == "zh" else "en",
        title=words("title", name=result.name, kind=kind), project=result.name, kind=kind,
        meta=tuple((label, text) for label, text in meta if text),
        score_label=words("score"), score=f.total_score(), of=f.weight_points(result.full),
        rate_label=words("rate"), rate=f.total_rate(), grade_label=words("grade"),
        grade=_grade(f),
        sections=tuple(sections),
        words={key: words(key) for key in ("skip", "contents", "footer", "colon", "semicolon")},
    )  # fmt: skip


def _grade(f: Figures) -> str:
    """The grade; still open while evidence is missing; none where there is no scale."""
    result = f.result
    return result.grade or f.words("pending" if result.total is None or result.missing else "none")


def _tile(f: Figures, top: Indicator) -> Tile:
    rate = Fraction(0) if top.rate is None else min(top.rate, Fraction(1))
    score = f.span(top.low, top.high) if top.status == "pending" else f.score(top)
    return Tile(top.name, score, f.worth(top), f.rate(top), show_short(rate * 100, 1))


def _headline(f: Figures) -> str:
    """The total and the grade, or how far they are known."""
    result, words, full = f.result, f.words, f.weight_points(f.result.full)
    if result.total is not None:
        graded = {"grade": result.grade} if result.grade else {}
        key = "headline" if result.grade else "headline-ungraded"
        told = words(key, score=f.total_points(result.total), full=full, rate=f.total_rate(), **graded)
        return words.joined(told, "" if result.grade or not result.missing else words("grade-open"))
    grade = words("grade-sure", grade=result.grade) if result.grade else words("grade-open")
    return words("headline-pending", low=f.total_points(result.low), high=f.total_points(result.high), full=full, grade=grade)


def _summary(f: Figures) -> Iterator[Block]:
    yield Tiles(f.words("rate"), tuple(_tile(f, top) for top in f.first_level))
    yield Paragraph(_headline(f), "lead")
    yield from _reservations(f)
    yield charts.first_level(f)
    yield tables.first_level(f)


def _reservations(f: Figures) -> Iterator[Block]:
    """What a reader of the total must know beside it."""
    result, words = f.result, f.words
    if result.partial:
        yield Paragraph(words("partial"), "warning")
    if result.missing:
        yield Paragraph(words("missing-elsewhere", names=words.listed(f.missing())), "warning")
    if idle := [text for text in result.vetoes if text not in result.grade_capped_by]:
        yield Paragraph(words("veto-idle", texts=words.listed(idle)), "warning")
    if result.grade_capped_by:
        yield Paragraph(words("capped", texts=words.listed(result.grade_capped_by)), "warning")
    if result.unscaled is None and result.applicable is not None:
        yield Paragraph(words("rebased-open", applicable=f.weight_points(result.applicable)), "note")
    if result.unscaled is not None:
        applicable = f.weight_points(result.full if result.applicable is None else result.applicable)
        key = "rebased-extras" if result.extras and result.converted is not None else "rebased"
        converted = f.points(result.converted) if result.converted is not None else ""
        told = words(
            key, applicable=applicable, unscaled=f.points(result.unscaled), converted=converted, total=words.points(f.total_score())
        )
        yield Paragraph(told, "note")
    if differing := f.sums_that_differ():
        more = words("and-more", n=str(len(differing))) if len(differing) > MOST_NAMED else ""
        yield Paragraph(words("sum-differs", names=words.listed(differing[:MOST_NAMED]), more=more), "note")


def _facts(f: Figures) -> Iterator[Block]:
    result, words = f.result, f.words
    period = ""
    if result.period:
        first, last = (words.day(day.isoformat()) for day in (result.period.from_, result.period.to))
        period = words("from-to", low=first, high=last)
    pairs = [
        ("project", result.name), ("agency", result.agency), ("institution", result.institution), ("lead", result.lead),
        ("members", words.listed(result.members)), ("period", period), ("date", words.day(result.date)),
        ("tree", result.tree_title or result.tree_id), ("document", result.document),
    ]  # fmt: skip
    yield Facts(tuple((words(key), text) for key, text in pairs if text))
    if result.goals:
        yield Paragraph(words("see-goals"))
        yield tables.goals(f)


def _basis(f: Figures) -> Iterator[Block]:
    result, words = f.result, f.words
    title, counts = result.tree_title or result.tree_id, f.counts(f.leaves, 1)
    yield Paragraph(words("basis-tree", title=title, counts=counts, full=f.weight_points(result.full)))
    yield Bullets(tuple(_conventions(f)))
    if result.bands:
        name = words("grades-id", id=result.grades_id) if result.grades_id else ""
        yield Paragraph(words("see-grades", id=name))
        yield tables.grades(f)


def _conventions(f: Figures) -> Iterator[str]:
    """Rounding and policies, each in a sentence; that a project changed one is said."""
    result, words = f.result, f.words
    yield words(f"basis-{result.rounding_at}", places=str(result.places))
    yield words.known(f"missing-{result.missing_policy}", result.missing_policy)
    if result.not_applicable_policy:
        yield words.known(f"na-{result.not_applicable_policy}", result.not_applicable_policy)
    if result.overridden:
        yield _overridden(f)


def _overridden(f: Figures) -> str:
    """The policies that a project changed, in words: `missing: pending` is 佐证缺失时列为待定."""
    words, told = f.words, []
    for policy in f.result.overridden:
        what, _, value = policy.partition(": ")
        told.append(words.known(f"policy-{what}", what) + words.known(f"policy-{what}-{value}", value))
    return words("overridden", policies=words.listed(told))


def _results(f: Figures) -> Iterator[Block]:
    words = f.words

    def part(n: int, key: str) -> Heading:
        return Heading(words("part-numbered", n=words.ordinal(n), section="3", title=words(key)), 3, key)

    yield part(1, "results-part")
    yield Paragraph(words("see-scores"))
    yield tables.scores(f)
    for extra in f.result.extras:
        yield Paragraph(_extra(f, extra))
    yield part(2, "conclusion-part")
    yield Paragraph(words.joined(_headline(f), words("see-summary")))
    yield from _reservations(f)
    yield tables.summary(f)
    yield part(3, "lost-part")
    yield charts.score_rates(f)
    leaves = tables.lost_leaves(f)
    if not leaves:
        pending = any(leaf.status == "pending" for leaf in f.leaves)
        yield Paragraph(words("nothing-lost-yet" if pending else "nothing-lost"))
        return
    lost = f.weight_points(sum((leaf.lost for leaf in leaves), Fraction(0)))
    yield Paragraph(words("lost-intro", lost=lost, count=str(len(leaves))))
    yield charts.lost_points(f)
    yield tables.lost(f)


def _extra(f: Figures, extra: Extra) -> str:
    words = f.words
    items = [words("pair", name=name, value=f.points(points)) for name, points in extra.items]
    cap = words("extra-cap", points=f.points(extra.cap)) if extra.cap is not None else ""
    told = words("colon") + words.listed(items) if items else ""
    return words("extra", kind=words(extra.kind), points=f.points(extra.points), cap=cap, items=told)


def _named(f: Figures, ref: str) -> str:
    """An indicator that a problem refers to, with its score where the reference is clear."""
    steps = tuple(ref.split("/"))
    found = [i for i in f.result.indicators if i.id == ref] or [
        i for i in f.result.indicators if i.path[-len(steps) :] == steps or i.ref[-len(steps) :] == steps
    ]
    if len(found) != 1:
        return ref
    return f.words("weighted", name=ref, points=f.score_of(found[0]))


def _found(f: Figures) -> Iterator[Block]:
    result, words = f.result, f.words
    if not result.problems_found:
        yield Paragraph(words("no-problems"))
    titles = {s.id: s.title for s in result.suggestions if s.id}
    for n, problem in enumerate(result.problems_found, 1):
        yield Heading(words("part-numbered", n=words.ordinal(n), section="5", title=problem.title), 3)
        if problem.text:
            yield Paragraph(problem.text)
        about = []
        if problem.from_:
            about.append(words("from-indicators", names=words.listed([_named(f, ref) for ref in problem.from_])))
        if problem.suggestion:
            answer = titles.get(problem.suggestion, problem.suggestion)
            about.append(words.sentence(words("answered-by", title=answer)))
        if about:
            yield Bullets(tuple(about))


def _advice(f: Figures) -> Iterator[Block]:
    result, words = f.result, f.words
    if not result.suggestions:
        yield Paragraph(words("no-suggestions"))
    for n, suggestion in enumerate(result.suggestions, 1):
        yield Heading(words("part-numbered", n=words.ordinal(n), section="6", title=suggestion.title), 3)
        if suggestion.text:
            yield Paragraph(suggestion.text)
        if suggestion.id and (titles := [p.title for p in result.problems_found if p.suggestion == suggestion.id]):
            yield Bullets((words.sentence(words("answers", titles=words("semicolon").join(titles))),))


def _remarks(f: Figures) -> Iterator[Block]:
    result, words = f.result, f.words
    exceptions = [
        words(key, names=words.listed([leaf.name for leaf in f.leaves if chosen(leaf)]))
        for key, chosen in _EXCEPTIONS.items() if any(chosen(leaf) for leaf in f.leaves)
    ]  # fmt: skip
    if result.overridden:
        exceptions.insert(0, _overridden(f))
    if result.partial:
        exceptions.insert(0, words("partial"))
    if result.missing:
        exceptions.append(words("missing-elsewhere", names=words.listed(f.missing())))
    has_exempt = bool(tables.exempt_leaves(f))
    if exceptions:
        yield Bullets(tuple(exceptions))
    if has_exempt:
        policy = words.known(f"na-{result.not_applicable_policy}", "")
        yield Paragraph(words.joined(words("exempt"), policy))
        yield tables.exempt(f)
    if result.notes:
        yield Heading(words("notes-part"), 3, "notes")
        yield Bullets(tuple(_note(f, note) for note in result.notes))
    if not (exceptions or has_exempt or result.notes):
        yield Paragraph(words("no-remarks"))


_EXCEPTIONS: dict[str, Callable[[Indicator], bool]] = {
    "still-missing": lambda leaf: leaf.status == "pending",
    "zeroed": lambda leaf: leaf.zero_by_policy,
    "reasons-missing": lambda leaf: leaf.reason_missing and not leaf.reason,
}


def _note(f: Figures, note: Problem) -> str:
    words = f.words
    severity, text = words(f"note-{note.severity.name.lower()}"), note.message(words.lang)
    place = str(note.where) if note.where else note.origin.file if note.origin else ""
    return words("note" if place else "note-placeless", severity=severity, place=place, text=text)
