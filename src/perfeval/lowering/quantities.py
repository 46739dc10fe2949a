"""Quantities that are declared for nothing: one whose name nobody has is misspelt, and nothing is held against its range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.ir.program import Program
from perfeval.model.folder import ProjectFolder
from perfeval.problems import Origin, Problem, ProblemKind, Severity, did_you_mean

NOT_USED = ProblemKind(
    "quantity-not-used",
    says="quantities 里的「{name}」没有用到：没有这个名称的事实、values 或 measures，也没有规则用它，所写的单位和范围不起作用。{hint}",
    remedy="改成所用的名称，或删去它。",
    en="“{name}” under quantities is not used: no fact, value or measure has that name and no rule asks for it; its range does nothing. {hint}",
    en_remedy="Give it the name that is used, or remove it.",
    severity=Severity.WARNING,
)


def unused_quantities(program: Program, folder: ProjectFolder, given: Iterable[str]) -> Iterator[Problem]:
    """Each entry of `quantities` that means nothing here; `given` are the keys of the evidence below `indicators`."""
    if program.failed:  # nobody knows what those leaves ask for
        return
    names = {*folder.facts, *(key for key, ask in program.asks.items() if ask.form == "fact")}
    names.update(name for _, chain in folder.tree.walk() for name in chain[-1].measures)
    names.update(key.rpartition("/values/")[2] for key in (*program.asks, *given) if "/values/" in key)
    asked = (key for key, ask in program.asks.items() if ask.form in ("number", "count", "points"))  # `batch` needs their ranges
    names.update(name for key in asked for name in (key, key.removesuffix("/actual")))
    for name in folder.tree.quantities:
        if name not in names:
            place = Origin(folder.indicators.file, ("quantities", name), of_key=True)
            yield NOT_USED.on(place, name=name, hint=did_you_mean(name, sorted(names)))
