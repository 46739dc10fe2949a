"""What a mutation is, and what mutators of all formats share: numbers in place, what hides, other encodings, scrambled lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from random import Random
from typing import NamedTuple

from fuzz.odd import HIDDEN, MISSING, REFUSED_ANYWHERE, REFUSED_NAMES, REFUSED_VALUES, TEMPTING, twin, wide
from fuzz.projects import Seed, Slot, seeds


class Wanted(Enum):
    ANY = "a model, or problems with a line"
    REFUSED = "problems with a line"
    SAME = "the same as its twin"


class Mutation(NamedTuple):
    """Files of a seed that are replaced; `twin` holds those of the project that must come out the same (none: the seed)."""

    seed: Seed
    files: Mapping[str, bytes]
    told: str
    wanted: Wanted = Wanted.ANY
    twin: Mapping[str, bytes] = {}


Mutator = Callable[[Random, Seed, str], "Mutation | None"]


def drawn(random: Random, suffix: str, weighted: list[tuple[int, Mutator]], rare: str) -> Mutation:
    known = [seed for seed in seeds() if seed.of(suffix)]
    weights = [weight for weight, _ in weighted]
    while True:
        seed = random.choice(known)
        if seed.name == rare and random.random() < 0.8:  # a large tree: slow
            continue
        mutator = random.choices(weighted, weights)[0][1]
        found = mutator(random, seed, random.choice(seed.of(suffix)))
        if found is not None:
            return found


def one(seed: Seed, file: str, text: str | bytes, told: str, wanted: Wanted = Wanted.ANY, twin: str | None = None) -> Mutation:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return Mutation(seed, {file: data}, told, wanted, {} if twin is None else {file: twin.encode()})


def put(seed: Seed, slot: Slot, text: str, wide_sign: bool = False) -> str:
    """The slot's file with another text in the slot; with `wide_sign` a per-cent sign behind it is full-width too."""
    whole = seed.files[slot.file]
    rest = whole[slot.end :]
    return whole[: slot.start] + text + (wide(rest[0]) + rest[1:] if wide_sign and rest.startswith("%") else rest)


def in_place(random: Random, seed: Seed, suffix: str, inside_quotes: Callable[[Slot, str], str]) -> Mutation | None:
    """A number replaced by none, by an odd spelling of one, or by what says that there is none."""
    slots = seed.slots_of(suffix)
    if not slots:
        return None
    slot = random.choice(slots)
    way = random.random()
    if way < 0.45:
        names = () if slot.formula and seed.lenient else REFUSED_NAMES
        odd = random.choice(REFUSED_ANYWHERE + names + (() if slot.formula else REFUSED_VALUES))
        return one(seed, slot.file, put(seed, slot, inside_quotes(slot, odd)), f"no number: {odd!r} for {slot.text}", Wanted.REFUSED)
    if way < 0.9 or not slot.counted:
        odd, plain = twin(random, slot.text, slot.formula, commas_fit(seed, slot))
        sign = random.random() < 0.3
        if "places" in seed.files[slot.file][slot.start - 9 : slot.start]:  # a count of digits, no amount
            return None
        told = f"another spelling: {odd!r} for {plain}"
        return one(seed, slot.file, put(seed, slot, inside_quotes(slot, odd), sign), told, Wanted.SAME, put(seed, slot, plain))
    gone = random.choice(MISSING)
    line = seed.files[slot.file]
    start, end = unit_span(line, slot)
    return one(seed, slot.file, line[:start] + gone + line[end:], f"nothing: {gone!r} for {line[start:end]}", Wanted.REFUSED)


def unit_span(text: str, slot: Slot) -> tuple[int, int]:
    """The whole value: the number with its unit and its quotes."""
    end = slot.end
    while end < len(text) and text[end] not in ",]}\n \"'":
        end += 1
    quoted = slot.start and text[slot.start - 1] in "\"'" and end < len(text) and text[end] == text[slot.start - 1]
    return (slot.start - 1, end + 1) if quoted else (slot.start, end)


def commas_fit(seed: Seed, slot: Slot) -> bool:
    """Is the slot where a comma is only a comma: quoted, or outside brackets?"""
    text = seed.files[slot.file]
    line = text[text.rfind("\n", 0, slot.start) + 1 : slot.start]
    return line[-1:] in ("'", '"') or (slot.file.endswith(".yaml") and not {"[", "{"} & set(line))


def hide(random: Random, text: str) -> tuple[str, str]:
    """The text with a character that nobody sees, and its name."""
    at = random.randrange(1, len(text))
    hidden = random.choice((*HIDDEN, "\r"))
    if hidden == "\r" and text[at] == "\n":  # together they end a line
        hidden = "\u2028"
    return text[:at] + hidden + text[at:], f"U+{ord(hidden):04X}"


def miscoded(random: Random, text: str) -> tuple[bytes, str]:
    """The text, which has Chinese in it, in bytes that are no UTF-8."""
    way = random.choice(("gb18030", "utf-16", "utf-16-le", "utf-32", "broken", "surrogate"))
    if way == "surrogate":
        at = random.randrange(len(text))
        return (text[:at] + "\ud800" + text[at:]).encode("utf-8", "surrogatepass"), way
    if way == "broken":
        data = bytearray(text.encode())
        data.insert(random.randrange(len(data)), random.choice((0x80, 0xC0, 0xFE, 0xFF, 0xF5)))
        return bytes(data), way
    return text.encode(way), way


def scrambled(random: Random, text: str) -> str:
    lines = text.split("\n")
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    here = random.randrange(len(text) + 1)
    match random.randrange(10):
        case 0:
            lines[at] = " " * random.randint(1, 4) + lines[at]
        case 1:
            lines[at] = lines[at][random.randint(1, 3) :]
        case 2:
            lines.insert(to, lines[at])
        case 3:
            lines[at], lines[to] = lines[to], lines[at]
        case 4:
            del lines[at]
        case 5:
            lines[at] = re.sub(r"(: |- ).*", lambda m: str(m[1]) + random.choice(TEMPTING), lines[at], count=1)
        case 6:
            return (
                text[:here]
                + random.choice((*"'\"[]{}:,#&*!|>%@`?-~\\", ": ", "- ", " #", "\n", "\r\n", "\t", "  ", "：", "，"))
                + text[here:]
            )
        case 7:
            return text[:here] + text[here + random.choice((1, 1, 2, 5, 20)) :]
        case 8:
            return text[:here]
        case _:
            return text[:here] + random.choice(TEMPTING) + text[here:]
    return "\n".join(lines)


def flipped(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8)) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)
