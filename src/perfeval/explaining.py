"""The trace in words, Chinese or English: what was looked at, which band or step was hit, what it gave. Derived, never computed beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from perfeval.ir.program import Step
from perfeval.model.result import Indicator, Shown, shown
from perfeval.problems import Lang
from perfeval.quantity import show_decimal, show_short


def explain(indicator: Indicator, lang: Lang) -> tuple[str, ...]:
    """The steps of a leaf's score, one line each, indented by depth with two blanks; while it is pending, what is there."""
    if indicator.status == "pending":
        word = "已有：" if lang == "zh" else "there is: "
        return tuple(f"{word}{name} = {text}" for name, text in indicator.given)
    return tuple(_Teller(indicator, lang).lines(indicator.steps, 0))


def why_lost(indicator: Indicator, lang: Lang) -> tuple[str, ...]:
    """Why points were lost: clauses that took effect, reasons as typed, and what was computed where these leave it open."""
    teller = _Teller(indicator, lang)
    clauses = tuple(teller.clauses())
    if indicator.reason and not indicator.reason_of_parts:
        return (*clauses, indicator.reason)
    computed = teller.causes(indicator.steps) if indicator.lost > 0 and not clauses else ()
    return (*clauses, *([indicator.reason] if indicator.reason else []), *computed)


_HEADINGS = frozenset(["item", "alternative"])  # said before what is inside them; all else is said after what led to it
_COMPOSED = {"best": ("取最高", "the largest"), "least": ("取最低", "the smallest"), "mean": ("取平均", "the mean")}


class _Teller:
    """Says the steps of one leaf in one language."""

    def __init__(self, indicator: Indicator, lang: Lang) -> None:
        self.one, self.lang, self.zh = indicator, lang, lang == "zh"
        self.used = {value.key: value for value in indicator.used}

    def pick(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def joined(self, texts: Iterable[str]) -> str:
        return self.pick("；", "; ").join(texts)

    def within(self, text: str) -> str:
        """A remark in brackets behind something; nothing for nothing."""
        return self.pick(f"（{text}）", f" ({text})") if text else ""

    def exempt(self, name: str) -> str:
        """Why an item (or the leaf itself) does not apply; a nested item bears the names above it."""
        found = (reason for text, reason in self.one.not_applicable_items if text == name or text.endswith(f"：{name}"))
        return next(found, self.one.not_applicable if name == self.one.name else "")

    # ---- the whole trace

    def lines(self, steps: tuple[Step, ...], depth: int) -> Iterator[str]:
        asked: list[Step] = []
        for step in steps:
            if step.label.role == "input":
                asked.append(step)
                continue
            yield from self._lines(step, depth, asked)
            asked = []

    def _lines(self, step: Step, depth: int, asked: list[Step]) -> Iterator[str]:
        """`asked`: the inputs read just before, which a condition looked at."""
        role = step.label.role
        heading = role in _HEADINGS
        text = self.alternative(step, asked) if role == "alternative" else self.say(step)
        inside = step.steps if role not in ("quantity", "judged") and not _answered(step) else ()
        if heading and text:
            yield "  " * depth + text
        if role != "formula":
            yield from self.lines(inside, depth + heading)
        else:
            yield from self.lines(tuple(s for s in inside if s.label.role != "input"), depth)
        if not heading and text:
            yield "  " * depth + text

    def say(self, step: Step) -> str:
        label, pick = step.label, self.pick
        got = self.points(step.value, label.most)
        most = self.points(label.most) if label.most is not None else ""
        match label.role:
            case "quantity" | "measure":
                return self.quantity(step)
            case "hit":
                return pick(f"命中 {label.text} 档，得 {got}", f"in the band {label.text}: {got}")
            case "otherwise":
                return pick(f"不在以上各档，得 {got}", f"in none of the bands above: {got}")
            case "miss" if label.detail == "over":
                return pick(f"超过目标值的 {label.text}，得 {got}", f"more than {label.text} of the target: {got}")
            case "miss" if label.detail == "pass_mark":
                return pick(f"完成不足 {label.text}，得 {got}", f"below {label.text} of full completion: {got}")
            case "miss":
                return pick(f"未达到 {label.text}，得 {got}", f"{label.text} not met: {got}")
            case "tier":
                given = pick(f"（{label.detail} 内评定）", f" (within {label.detail})") if label.detail else ""
                return pick(f"评为「{label.text}」{given}，得 {got}", f"judged “{label.text}”{given}: {got}")
            case "judged":
                return pick(f"评价人评定 {got}（满分 {most}）", f"given by the evaluator: {self.number(step.value, label.most)} of {most}")
            case "item":
                told = {"met": ("符合，", "met, "), "unmet": ("不符合，", "not met, ")}.get(_answered(step), ("", ""))
                number = self.number(step.value, label.most)
                return pick(f"{label.text}：{told[0]}得 {got}（分值 {most}）", f"{label.text}: {told[1]}{number} of {most}")
            case "line":
                return pick(f"按直线插值（{label.text}），得 {got}", f"on the line ({label.text}): {got}")
            case "proportion":
                return pick(f"与目标值 {label.detail} 相比，得 {got}", f"against the target {label.detail}: {got}")
            case "deducted":
                return self.deducted(step, got, most)
            case "defect":
                return self.defect(step)
            case "after-defects":
                return pick(f"扣除后得 {got}", f"after these: {got}")
            case "cap":
                return pick(f"合计不超过 {most}，得 {got}", f"at most {most}: {got}")
            case "veto":
                return pick(f"一票否决：{label.text}，得 {got}", f"veto: {label.text}: {got}")
            case "not-all":
                return pick(f"没有全部符合，得 {got}", f"not all are met: {got}")
            case "requires":
                return pick(f"前置条件不满足：{label.text}，得 {got}", f"requirement not met: {label.text}: {got}")
            case "not-applicable":
                reason = self.within(self.exempt(label.text))
                full = pick(f"，按满分计 {got}", f": counted in full, {got}") if step.value else ""
                return pick(f"「{label.text}」不适用{reason}{full}", f"“{label.text}” does not apply{reason}{full}")
            case "rebased":
                return pick(f"按适用的各项折算，得 {got}", f"scaled to what applies: {got}")
            case "best" | "least" | "mean":
                name = _COMPOSED[label.role]
                return pick(f"{name[0]}，得 {got}", f"{name[1]}: {got}")
            case "formula":
                return self.formula(step)
            case "warn":
                return pick(f"超过目标值的 {label.text}，目标可能偏低", f"more than {label.text} of the target, which may be too low")
            case "within":
                return pick(f"限制在 0～{most} 之内", f"kept within 0 and {most}")
        return ""

    # ---- why points were lost

    def clauses(self) -> Iterator[str]:
        for word, text in self.one.clauses:
            yield (
                self.pick("一票否决：", "veto: ") + text
                if word == "veto"
                else self.pick("前置条件不满足：", "requirement not met: ") + text
            )

    def causes(self, steps: tuple[Step, ...]) -> tuple[str, ...]:
        """What took points, without the parts that a typed reason speaks of."""
        found, asked = [], []
        for step in steps:
            role = step.label.role
            if role == "input":
                asked.append(step)
            elif role == "item":
                found += self._lost_item(step)
            elif role in _COMPOSED:
                found += [self._composed(step)]
            elif role == "alternative":
                found += [self.alternative(step, asked), *self.causes(step.steps)]
            elif role == "formula":
                found += [self.formula(step, sources=False)]
            elif role == "cap":
                found += self.causes(step.steps) or ([self.say(step)] if step.value == step.label.most else [])
            elif role == "rebased":
                found += [*self.causes(step.steps), self.say(step)]
            elif role == "miss" and step.label.detail in ("over", "pass_mark"):
                found += [self.say(step)]
            elif role == "defect":
                found += [self.defect(step)] if step.value else []
            elif role == "quantity":
                found += [] if self.one.actual else [self.quantity(step, sources=False)]
            else:
                found += self.causes(step.steps)
            asked = asked if role == "input" else []
        return tuple(found)

    def _lost_item(self, step: Step) -> list[str]:
        lost = (step.label.most or 0) - step.value
        if lost <= 0 or f"{step.label.text}：" in self.one.reason:
            return []
        points = self.points(lost)
        inner = next((self.quantity(one, sources=False) for one in _all(step.steps) if one.label.role == "quantity"), "")
        return [self.pick(f"「{step.label.text}」扣 {points}", f"“{step.label.text}”: {points} off") + self.within(inner)]

    def _composed(self, step: Step) -> str:
        parts = [one for one in step.steps if one.label.role == "item"]
        told = self.pick("、", ", ").join(f"{one.label.text} {self.points(one.value, one.label.most)}" for one in parts)
        return f"{told}{self.pick('，', ', ')}{self.pick(*_COMPOSED[step.label.role])}"

    # ---- pieces

    def alternative(self, step: Step, asked: list[Step]) -> str:
        """Which alternative applies, and the values that its condition looked at."""
        text = step.label.text
        if step.label.detail == "over":
            return self.pick(f"超过目标值的 {text}", f"more than {text} of the target")
        values = {one.key: one for one in asked if one.key in self.used}
        given = self.within(self.joined(self.input(one, sources=False) for one in values.values()))
        name = text or self.pick("其余情形", "otherwise")
        return self.pick(f"适用「{name}」{given}", f"“{name}” applies{given}")

    def formula(self, step: Step, sources: bool = True) -> str:
        values = {one.key: one for one in _inputs(step)}
        inner = self.within(self.joined(self.input(one, sources) for one in values.values()))
        points = self.points(step.value, step.label.most)
        if not values:  # a constant
            return self.pick(f"得 {points}", points)
        return f"{step.label.text} {'=' if _finite(step.value) else '≈'} {points.replace('…', '')}{inner}"

    def deducted(self, step: Step, got: str, most: str) -> str:
        """The bound, how far off, what that takes, and what is left."""
        count = next((one for one in _all(step.steps) if one.label.role == "steps"), None)
        if count is None:
            return self.pick(f"扣分后得 {got}（满分 {most}）", f"{got} left of {most}")
        off, each = shown(count.value, None, 4), count.label.detail
        number = off.text if off.exact else f"≈{off.text}"
        taken = self.points((step.label.most or 0) - step.value)
        bound = step.label.text or count.label.text
        return self.pick(
            f"要求 {bound}，偏离 {number} 步（每步 {each}），扣 {taken}，得 {got}（满分 {most}）",
            f"required {bound}: {number} steps of {each} off, {taken} taken, {got} of {most}",
        )

    def defect(self, step: Step) -> str:
        label, taken = step.label, self.points(step.value)
        counted = next((one for one in step.steps if one.label.role == "input"), None)
        found = "" if counted is None else self.pick(f"{show_short(counted.value)} 处", f" ({show_short(counted.value)} found)")
        return self.pick(
            f"「{label.text}」{found}，每处扣 {label.detail} 分，共扣 {taken}", f"“{label.text}”{found}, {label.detail} each: {taken} off"
        )

    def quantity(self, step: Step, sources: bool = True) -> str:
        """名称 = 代入的数 = 值: the quantity with its numbers and where they stand."""
        label, below = step.label, list(_inputs(step))
        single = below[0] if len(below) == 1 else None
        known = self.used.get(single.key) if single is not None else None
        is_named = single is not None and (single.key.endswith("/actual") or label.text in (single.key, known.name if known else ""))
        if single is not None and is_named and single.value == step.value:
            value, source = self._value(single)
            return f"{label.text} {value.sign} {value.text}{source if sources else ''}"
        unit = label.unit or (known.unit if known else None)
        whole = shown(step.value, unit, None if single is not None and single.value == step.value else 4, self.one.bounds)
        inner = self.joined(self.input(one, sources) for one in {one.key: one for one in below}.values())
        return f"{label.text} {whole.sign} {whole.text}{self.within(inner)}"

    def input(self, step: Step, sources: bool = True) -> str:
        value, source = self._value(step)
        name = self.used[step.key].name if step.key in self.used else step.key.rpartition("/")[2]
        return f"{name} {value.sign} {value.text}{source if sources else ''}"

    def _value(self, step: Step) -> tuple[Shown, str]:
        used = self.used.get(step.key)
        if used is None:
            return shown(step.value, step.label.unit), ""
        source = used.source or used.place
        return used.shown, self.pick("，", ", ") + source if source else ""

    def points(self, value: Fraction | int, most: Fraction | int | None = None) -> str:
        return f"{self.number(value, most)} {self.pick('分', 'point' if value == 1 else 'points')}"

    @staticmethod
    def number(value: Fraction | int, most: Fraction | int | None = None) -> str:
        apart = [0] if most is None else [0, most]
        return show_decimal(value) if _finite(value) else f"{show_short(value, 4, apart)}…"


def _finite(value: Fraction | int) -> bool:
    return "/" not in show_decimal(value)


def _answered(step: Step) -> str:
    """An item that is only met or not: said in the item's own line."""
    told = [inner.label.role for inner in step.steps if inner.label.role != "input"]
    return told[0] if step.label.role == "item" and len(told) == 1 and told[0] in ("met", "unmet") else ""


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all(step.steps)


def _inputs(step: Step) -> Iterator[Step]:
    return (one for one in _all(step.steps) if one.label.role == "input")
