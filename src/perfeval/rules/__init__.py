"""The rule kinds: every file of this folder that does not begin with `_` is one; files are found in sorted order."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from pydantic import ValidationInfo

from perfeval.problems import ProblemKind, did_you_mean
from perfeval.rules._contract import Rule, set_reader

UNKNOWN_RULE = ProblemKind(
    "unknown-rule",
    says="没有名为「{name}」的规则。{hint}",
    remedy="在 rules 里定义它，或直接写出规则。",
    en="There is no rule named “{name}”. {hint}",
    en_remedy="Define it under rules:, or write the rule out.",
)
NO_KIND = ProblemKind(
    "rule-kind",
    says="规则类型「{kind}」没有。{hint}",
    remedy="kind 写下列之一：{kinds}。",
    en="There is no rule kind “{kind}”. {hint}",
    en_remedy="kind is one of: {kinds}.",
)
NOT_A_RULE = ProblemKind(
    "not-a-rule",
    says="这里应是一条规则，或 rules 里的名字。",
    remedy="写成 rule: {{kind: …, …}}。",
    en="A rule belongs here, or a name under rules:.",
    en_remedy="Write rule: {{kind: …, …}}.",
)
RULE_CYCLE = ProblemKind(
    "rule-cycle",
    says="规则「{name}」直接或间接引用了自己。",
    remedy="去掉这个引用。",
    en="The rule “{name}” uses itself, directly or in a circle.",
    en_remedy="Remove that use.",
)
TOO_MANY = ProblemKind(
    "too-many-rules",
    says="规则写开后超过 {limit} 条。",
    remedy="减少 rules 里的名字互相引用的层数和次数。",
    en="Written out, there are more than {limit} rules.",
    en_remedy="Let named rules use each other less often and less deeply.",
)
MAX_RULES = 10_000


@lru_cache(maxsize=1)
def kinds() -> tuple[str, ...]:
    """The names of all kinds, sorted."""
    return tuple(sorted(name for _, name, _ in pkgutil.iter_modules(__path__) if not name.startswith("_")))


@cache
def rule_class(kind: str) -> type[Rule]:
    """The class of a kind: the one class of its file whose `kind` is the file's name."""
    module = import_module(f"{__name__}.{kind}")
    found = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Rule) and c.__module__ == module.__name__]
    if len(found) != 1 or found[0].model_fields["kind"].default != kind:
        raise RuntimeError(f"rules/{kind}.py must define one rule class with kind {kind!r}")
    return found[0]


def read_rule(raw: Any, info: ValidationInfo) -> Rule:
    """Raw YAML to a rule. A name stands for the rule under `rules:` (in the validation's context)."""
    _count(info)
    if isinstance(raw, str):
        return _named(raw, info)
    if not isinstance(raw, Mapping):
        raise NOT_A_RULE.fault()
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in kinds():
        raise NO_KIND.fault(kind=kind if isinstance(kind, str) else "", hint=did_you_mean(str(kind), kinds()), kinds="、".join(kinds()))
    return rule_class(kind).model_validate(raw, context=info.context)


def _count(info: ValidationInfo) -> None:
    """Names that use names multiply: a few lines could ask for more rules than there is memory."""
    read = (info.context or {}).get("read")
    if read is not None:
        read[0] += 1
        if read[0] > MAX_RULES:
            raise TOO_MANY.fault(limit=MAX_RULES)


def _named(name: str, info: ValidationInfo) -> Rule:
    context = info.context or {}
    rules, open_names = context.get("rules") or {}, context.get("open", ())
    inner: Any = name
    while isinstance(inner, str):  # a name may stand for another
        name = inner.strip()
        if not name:
            raise NOT_A_RULE.fault()
        if name not in rules:
            as_kind = f"要用这个类型，写成 {{kind: {name}}} (for this kind, write {{kind: {name}}})"
            raise UNKNOWN_RULE.fault(name=name, hint=as_kind if name in kinds() else did_you_mean(name, rules))
        if name in open_names:
            raise RULE_CYCLE.fault(name=name)
        open_names, inner = (*open_names, name), rules[name]
    if not isinstance(inner, Mapping) or inner.get("kind") not in kinds():
        raise NOT_A_RULE.fault()
    return rule_class(str(inner["kind"])).model_validate(inner, context={**context, "open": open_names})


set_reader(read_rule)
