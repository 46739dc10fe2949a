"""From paths to places: the files of a run, and models made from them with every problem at its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from perfeval.problems import Fault, Origin, Path, Problem, ProblemKind, Where, did_you_mean
from perfeval.reading.traps import FORMULA_IN_BRACES, is_cut_formula, whole_formula
from perfeval.reading.yaml_subset import YamlFile
from perfeval.rules import TOO_MANY

UNKNOWN_KEY = ProblemKind(
    "unknown-key",
    says="这里没有「{key}」这个键。{hint}",
    remedy="改正写法，或删去它；可用的键见 perfeval schema。",
    en="There is no key “{key}” here. {hint}",
    en_remedy="Mend the spelling, or remove it; perfeval schema lists the keys.",
)
MISSING_KEY = ProblemKind(
    "missing-key",
    says="缺少必需的键「{key}」。",
    remedy="补上「{key}: …」。",
    en="The key “{key}” is missing.",
    en_remedy="Add “{key}: …”.",
)
BAD_CHOICE = ProblemKind(
    "bad-choice",
    says="「{text}」不在可选之列。{hint}",
    remedy="写下列之一：{choices}。",
    en="“{text}” is not one of the choices. {hint}",
    en_remedy="Write one of: {choices}.",
)
WRONG_SHAPE = ProblemKind(
    "wrong-shape",
    says="这里应是{wanted}。",
    remedy="检查缩进和写法；列表每项以“- ”开头，键值写成“键: 值”。",
    en="{wanted} belongs here.",
    en_remedy="Check indentation and form: list entries begin with “- ”, keys are “key: value”.",
)

_SHAPES = {
    "tuple_type": "一个列表 (A list)",
    "list_type": "一个列表 (A list)",
    "dict_type": "一组“键: 值” (A mapping)",
    "model_type": "一组“键: 值” (A mapping)",
    "model_attributes_type": "一组“键: 值” (A mapping)",
    "string_type": "一段文字 (A text)",
    "too_short": "更多的项 (More entries)",
}

Model = TypeVar("Model", bound=BaseModel)


class Sources:
    """The YAML files of a run by name, for places and quotes."""

    def __init__(self) -> None:
        self.files: dict[str, YamlFile] = {}

    def add(self, file: YamlFile) -> None:
        self.files[file.name] = file

    def where(self, origin: Origin) -> Where:
        file = self.files.get(origin.file)
        return file.where(origin.path, origin.of_key) if file else Where(origin.file)

    def covers(self, origin: Origin, where: Where) -> bool:
        """Does a place lie in what stands at the origin? A file as a whole covers all that stands in it."""
        file = self.files.get(origin.file)
        return where.file == origin.file and (not origin.path or (file is not None and file.covers(origin.path, where)))

    def placed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """With line and column, each once, sorted by place."""
        placed = [p if p.where or not p.origin else p._replace(where=self.where(p.origin), origin=None) for p in problems]
        unique = {(p.kind.name, p.where, tuple(sorted(p.values.items()))): p for p in placed}
        return tuple(sorted(unique.values(), key=_order))


def _order(problem: Problem) -> tuple[str, int, int, str]:
    where = problem.where or Where("")
    return where.file, where.line, where.column, problem.kind.name


def build_model(model: type[Model], file: YamlFile, context: Mapping[str, Any] | None = None) -> tuple[Model | None, list[Problem]]:
    """A model from a YAML file; None with the problems where it does not validate."""
    try:
        return model.model_validate(file.plain(), context=dict(context or {})), []
    except ValidationError as error:
        return None, list(_problems(error, model, file))


def _problems(error: ValidationError, model: type[BaseModel], file: YamlFile) -> Iterable[Problem]:
    too_many = False
    errors = [(tuple(step for step in one["loc"] if isinstance(step, (str, int))), one) for one in error.errors(include_url=False)]
    formulas = {path[:-1] for path, one in errors if one["type"] == "extra_forbidden" and is_cut_formula(path[-1])}
    named = {(path[2:], one["type"]) for path, one in errors if path[:1] == ("rules",)}
    yield from (_cut_formula(path, file) for path in sorted(formulas, key=str))
    for path, one in errors:
        kind, context = one["type"], one.get("ctx", {})
        fault = context.get("error")
        if _of_a_cut_formula(path, one, formulas) or _of_a_named_rule(path, one["type"], named, file) or _of_the_other_form(path, one):
            continue
        if isinstance(fault, Fault):
            if fault.kind.name == "not-a-text" and path == ("units",) and isinstance(one["input"], dict):
                yield WRONG_SHAPE.on(
                    file.where(path), wanted="一列量词，如 units: [车皮, 蒲式耳] (A list of counting words, as units: [carload])"
                )
            elif fault.kind is not TOO_MANY or not too_many:  # it is said of the whole file, once
                yield fault.on(Origin(file.name, path))
            too_many = too_many or fault.kind is TOO_MANY
        elif kind == "extra_forbidden":
            yield _unknown_key(path, model, file)
        elif kind == "missing":
            yield MISSING_KEY.on(file.where(path[:-1]), key=path[-1])
        elif kind == "literal_error":
            text = str(one["input"]) if isinstance(one["input"], str) else "…"
            choices = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
            yield BAD_CHOICE.on(file.where(path), text=text[:80], choices="、".join(choices), hint=did_you_mean(text, choices))
        else:
            yield WRONG_SHAPE.on(file.where(path), wanted=_SHAPES.get(kind, one["msg"]))


def _unknown_key(path: Path, model: type[BaseModel], file: YamlFile) -> Problem:
    key = str(path[-1])
    shown = key if len(key) <= 80 else f"{key[:79]}…"
    hint = did_you_mean(key, [one for one in known_keys(model) if one != key])
    return UNKNOWN_KEY.on(file.where(path, of_key=True), key=shown, hint=hint)


def _of_a_named_rule(path: Path, kind: str, named: set[tuple[Path, str]], file: YamlFile) -> bool:
    """Is this an error of a named rule, told where the rule stands, that comes again with a use of its name?"""
    if not named or path[:1] == ("rules",):
        return False
    cuts = (at for at in range(1, len(path) + 1) if (path[at:], kind) in named)
    return any((node := file.node(path[:at])) is not None and node.kind == "text" for at in cuts)


def _of_the_other_form(path: Path, one: Mapping[str, Any]) -> bool:
    """`grades` is a name or a list: what is wrong with one form says nothing of the other."""
    if path[:1] != ("grades",) or len(path) != 2:
        return False
    return bool(isinstance(one["input"], str) == (one["type"] == "tuple_type"))


def _of_a_cut_formula(path: Path, one: Mapping[str, Any], formulas: set[Path]) -> bool:
    """Does this error only say again that a comma has cut a formula in two?"""
    if path[:-1] in formulas and one["type"] == "extra_forbidden":
        return is_cut_formula(path[-1]) or not one["input"]
    return any(path[: len(parent)] == parent for parent in formulas) and is_cut_formula(one["input"])


def _cut_formula(parent: Path, file: YamlFile) -> Problem:
    """The formula as it was meant, from the key whose value was cut."""
    node = file.node(parent)
    pairs = node.value if node is not None and node.kind == "map" else []
    key, value = next(((key, value) for key, value in pairs if is_cut_formula(value.value)), (None, None))
    if key is None or value is None:
        return FORMULA_IN_BRACES.on(file.where(parent), text="…", key="…")
    where = file.at(value.line, value.column)
    text = whole_formula(where.quote, value.column - 1)
    return FORMULA_IN_BRACES.on(where._replace(width=len(text)), text=text[:80], key=key.value)


@lru_cache(maxsize=8)
def known_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Every key that a file of this model may have anywhere, for spelling hints."""
    from perfeval.model.tree import Tree
    from perfeval.rules import kinds, rule_class

    found: dict[str, None] = {}
    todo: list[type[BaseModel]] = [model, *(rule_class(kind) for kind in kinds() if model is Tree)]
    seen: set[type[BaseModel]] = set()
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for name, info in current.model_fields.items():
            found[info.alias or name] = None
            todo.extend(_models_in(info.annotation))
    return tuple(found)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
