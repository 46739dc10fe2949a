"""What was asked to be set, and all that has no meaning in it, told together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from perfeval.problems import Problem, Where
from perfeval.whatif.keys import Keys, Refused, Target


class Given(NamedTuple):
    """One change as it was asked for."""

    key: str
    text: str
    where: Where


def meant(keys: Keys, given: Sequence[Given]) -> tuple[dict[str, tuple[Target, Given]], list[Refused]]:
    """What is meant, by key, and all that cannot be meant; what stands in a file with its line."""
    wanted: dict[str, tuple[Target, Given]] = {}
    refused: list[Refused] = []
    for one in given:
        try:
            target = keys.find(one.key, one.text)
        except Refused as why:
            refused.append(Refused(f"{_at(one, '：')}{why.zh}", f"{_at(one, ': ')}{why.en}"))
            continue
        if target.key in wanted:
            first, second = (_at(said, "") or said.where.file for said in (wanted[target.key][1], one))
            refused.append(Refused(f"「{one.key}」设了两次（{first}；{second}）。", f"“{one.key}” is set twice ({first}; {second})."))
            continue
        wanted[target.key] = target, one
    return wanted, refused


def _at(one: Given, after: str) -> str:
    return f"{one.where.file}:{one.where.line}{after}" if one.where.line else ""


def all_of(refused: Sequence[Refused], beside: Iterable[Problem]) -> Refused:
    return Refused("\n".join(one.zh for one in refused), "\n".join(one.en for one in refused), beside)
