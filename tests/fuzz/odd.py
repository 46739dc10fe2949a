"""Odd texts: numbers that are none, numbers written oddly with their plain twins, and texts that tempt a reader to guess."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

_WORDS: dict[str, list[str]] = json.loads(Path(__file__).with_name("odd.json").read_text("utf-8"))

REFUSED_ANYWHERE = (*_WORDS["refused anywhere"], "9" * 400, "0." + "3" * 400)
"""No number by the grammar, wherever one is asked for; also with a unit behind it."""
REFUSED_NAMES = tuple(_WORDS["refused names"])
"""Names, in a formula: there it is missing evidence, and refused where nothing may be missing."""
REFUSED_VALUES = tuple(_WORDS["refused values"])
"""In a formula these may be read as something else: a comma parts arguments, signs stand for themselves."""
MISSING = tuple(_WORDS["missing"])
HIDDEN = tuple(_WORDS["hidden"])
"""Code points that hide from editors, forge line ends or turn the reading direction."""
TEMPTING = (*_WORDS["tempting"], "甲" * 300, "9" * 5000, "x" * 31_000, "(" * 400, "-" * 400 + "1")
"""For any place, with no outcome wanted: whatever it is, it ends in a model or in problems."""
KEYS = tuple(_WORDS["keys"])
FORMULA_TOKENS = tuple(_WORDS["formula tokens"])

FOLDERS = tuple(_WORDS["folders"])
"""Names of folders on a command line."""
ARGUMENTS = (*FOLDERS, *_WORDS["arguments"], "甲" * 300, "x" * 5000, "a/" * 200, "9" * 400)
OPTIONS = tuple(_WORDS["options"])


def typo(random: Random, word: str) -> str:
    """A word with one letter left out, doubled, or changed places with the next."""
    if not word:
        return "x"
    at = random.randrange(len(word))
    return random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            word.upper(),
            word + " ",
        )
    )


def wide(text: str) -> str:
    """The digits and the per-cent sign full-width."""
    return text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))


def twin(random: Random, plain: str, formula: bool, commas: bool) -> tuple[str, str]:
    """A number text written oddly, and a plain text of the same value. `commas`: groups can stand here."""
    plain = random.choice(
        (plain.replace(",", ""),) * 6 + ("0", "1", "100", "1000.50", "7.125", "1234567", "999999999999999", "0.000000000000000001")
    )
    whole, point, rest = plain.partition(".")
    ways = [
        wide(plain),
        "".join(map(wide, whole)) + point + rest,
        wide(whole) + point + rest,
        plain + ("0" if point else ".0"),
        "00" + plain,
    ]
    if not formula:
        ways.append("+" + plain)
    if commas and not formula and len(whole) > 3:
        grouped = f"{int(whole):,}{point}{rest}"
        ways += [grouped, wide(whole[:1]) + grouped[1:]]
    odd = random.choice(ways)
    return (odd if len(odd.partition(".")[0].lstrip("+-")) <= 15 and len(odd.partition(".")[2]) <= 18 else plain), plain
