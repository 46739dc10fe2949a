"""Entries of lists: what they are called, and how far two without a name differ."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from perfeval.diffing.aligning import STRANGERS, Named


def key_of(entry: object) -> str:
    """The key of an entry whose order means nothing: its own, or the nodes that a constraint adds up. "" for bands and the like."""
    if isinstance(nodes := getattr(entry, "sum_of", None), tuple):
        return " + ".join(sorted(nodes))
    key = getattr(entry, "key", None) or getattr(entry, "name", None)
    return key if isinstance(key, str) else ""


def text_of(entry: object) -> Named:
    """What it is called in words. Two ids that differ say that two entries do, however like their texts are."""
    text = getattr(entry, "text", None) or getattr(entry, "name", None) or key_of(entry)
    return Named(str(text), getattr(entry, "id", None) is not None)


def unlike(old: object, new: object) -> int:
    """The share of what either says that the two do not both say."""
    one, other = _values(old), _values(new)
    places = [place for place in one if one[place] is not None or other.get(place) is not None]
    differ = sum(one[place] != other.get(place) for place in places)
    return STRANGERS * differ // (len(places) or 1)


def _values(entry: object) -> Mapping[str | int, object]:
    if isinstance(entry, BaseModel):
        return {name: getattr(entry, name) for name in type(entry).model_fields}
    return dict(enumerate(entry)) if isinstance(entry, tuple) else {0: entry}
