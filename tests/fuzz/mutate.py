"""Mutations that know YAML's structure: keys, values, rules, formulas, styles, and what YAML has and the format has not."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from fuzz.mutation import Mutation, Mutator, Wanted, drawn, flipped, hide, in_place, miscoded, one, scrambled
from fuzz.odd import FORMULA_TOKENS, KEYS, TEMPTING, typo
from fuzz.projects import Seed, seeds
from fuzz.trees import Pairs, Tree, Writer, containers, copied, tree_of, values


def yaml_mutation(random: Random) -> Mutation:
    """One mutation of one YAML file of one seed."""
    return drawn(random, ".yaml", _YAML, "builtin")


def _number(random: Random, seed: Seed, _: str) -> Mutation | None:
    return in_place(random, seed, ".yaml", lambda slot, odd: odd)


def _same_meaning(random: Random, seed: Seed, file: str) -> Mutation:
    """The same tree in another style: block or flow, quotes, comments, keys in another order, marks of the start and of lines."""
    tree = copied(_tree(seed, file))
    if random.random() < 0.5:
        for pairs in containers(tree, Pairs):
            random.shuffle(pairs)
    data = Writer(random).text(tree).encode()
    if random.random() < 0.2:
        data = data.replace(b"\n", b"\r\n")
    if random.random() < 0.1:
        data = b"---\n" + data
    if random.random() < 0.2:
        data = b"\xef\xbb\xbf" + data
    return one(seed, file, data, "another style", Wanted.SAME)


@lru_cache(maxsize=100)
def _tree_of(text: str) -> Tree:
    return tree_of(text)


def _tree(seed: Seed, file: str) -> Tree:
    return _tree_of(seed.files[file])


def _hidden(random: Random, seed: Seed, file: str) -> Mutation:
    text, name = hide(random, seed.files[file])
    return one(seed, file, text, f"hidden {name}", Wanted.REFUSED)


def _miscoded(random: Random, seed: Seed, file: str) -> Mutation | None:
    if seed.files[file].isascii():
        return None
    data, way = miscoded(random, seed.files[file])
    return one(seed, file, data, f"in {way}", Wanted.REFUSED)


_VALUE = re.compile(r"(?m)(?<=[\w」]: )(?=[^ \n])")


def _extras(random: Random, seed: Seed, file: str) -> Mutation | None:
    """What YAML has and the format has not: anchors, tags, merge keys, directives, a second document, nesting without end."""
    text = seed.files[file]
    places = [match.start() for match in _VALUE.finditer(text)]
    at = random.choice(places) if places else 0
    start = text.rfind("\n", 0, at) + 1
    ways = {
        "an anchor": text[:at] + "&a " + text[at:],
        "a tag": text[:at] + random.choice(("!!str ", "!!int ", "!x ", "!<tag:yaml.org,2002:float> ", "!!binary ", "! ")) + text[at:],
        "an alias": text + "notes: *a\n",
        "a merge key": text + "<<: {a: b}\n",
        "a directive": random.choice(("%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%TAG ! tag:x,2000:\n---\n", "%YAML 9.9\n---\n")) + text,
        "a second document": text + "---\n" + random.choice((text, "", "a: b\n")),
        "a key that is no text": text + random.choice(("? [a]\n: b\n", "? {a: b}\n: c\n", "[a]: b\n")),
        "nested": text + "notes: " + random.choice(("[", "{a: ", "[{a: ")) * random.choice((33, 100, 2000)),
        "no mapping": random.choice(("", "a", "- a\n", "[]", "''", "null", "---\n", "# a\n", "...\n", "{}", "1")),
        "a tab": text[:start] + "\t" + text[start:] if start else text + "\tname: a\n",
        "a key twice": _doubled(random, seed, file),
    }
    told = random.choice(list(ways))
    return one(seed, file, ways[told], told, Wanted.REFUSED)


def _doubled(random: Random, seed: Seed, file: str) -> str:
    tree = copied(_tree(seed, file))
    pairs = random.choice([found for found in containers(tree, Pairs) if found])
    pairs.append([random.choice(pairs)[0], random.choice(TEMPTING[:20])])
    return Writer(random).text(tree)


def _restructured(random: Random, seed: Seed, file: str) -> Mutation:
    """One to three changes of the tree, written in any style."""
    tree = copied(_tree(seed, file))
    told = []
    for _ in range(random.choice((1, 1, 2, 3))):
        if any(containers(tree, Pairs)):  # else nothing is left
            change = random.choice(_CHANGES)
            change(random, tree)
            told.append(change.__name__.strip("_"))
    return one(seed, file, Writer(random).text(tree), ", ".join(told))


def _rename(random: Random, tree: Tree) -> None:
    pair = random.choice(random.choice([found for found in containers(tree, Pairs) if found]))
    pair[0] = random.choice((typo(random, pair[0]), random.choice(KEYS), random.choice(TEMPTING)))


def _drop(random: Random, tree: Tree) -> None:
    found = random.choice([one for one in containers(tree, Pairs) + containers(tree, list) if one])
    del found[random.randrange(len(found))]


def _repeat(random: Random, tree: Tree) -> None:
    if lists := [one for one in containers(tree, list) if one]:
        found = random.choice(lists)
        found.insert(random.randrange(len(found) + 1), copied(random.choice(found)))


def _move(random: Random, tree: Tree) -> None:
    maps = [found for found in containers(tree, Pairs) if found]
    source = random.choice(maps)
    pair = source.pop(random.randrange(len(source)))
    random.choice(maps).append(pair)


def _swap(random: Random, tree: Tree) -> None:
    places = [(holder, at) for holder, at in values(tree) if isinstance(holder[at], str)]
    if len(places) > 1:
        (a, i), (b, j) = random.sample(places, 2)
        a[i], b[j] = b[j], a[i]


def _tempt(random: Random, tree: Tree) -> None:
    places = list(values(tree))
    if places:
        holder, at = random.choice(places)
        holder[at] = random.choice(TEMPTING)


def _graft(random: Random, tree: Tree) -> None:
    other = random.choice(seeds())
    donors = [holder[at] for holder, at in values(_tree(other, random.choice(other.of(".yaml"))))]
    places = list(values(tree))
    if donors and places:
        holder, at = random.choice(places)
        holder[at] = copied(random.choice(donors))


def _add(random: Random, tree: Tree) -> None:
    pairs = random.choice(containers(tree, Pairs))
    pairs.append([random.choice(KEYS), random.choice((random.choice(TEMPTING), [], Pairs(), ["a"], Pairs([["kind", "judged"]])))])


def _wrap(random: Random, tree: Tree) -> None:
    if places := list(values(tree)):
        holder, at = random.choice(places)
        for _ in range(random.choice((1, 1, 2, 8, 40))):
            holder[at] = [holder[at]] if random.random() < 0.5 else Pairs([[random.choice(KEYS), holder[at]]])


def _nest(random: Random, tree: Tree) -> None:
    """A rule inside rules."""
    rules = [pair for pairs in containers(tree, Pairs) for pair in pairs if pair[0] in ("rule", "otherwise")]
    for pair in random.sample(rules, min(1, len(rules))):
        for _ in range(random.choice((1, 2, 4, 9, 20))):
            kind = random.choice(("best", "least", "mean", "sum"))
            pair[1] = Pairs([["kind", kind], ["parts", [Pairs([["name", "甲"], ["rule", pair[1]]])]]])


_CHANGES = (_rename, _drop, _repeat, _move, _swap, _tempt, _tempt, _graft, _add, _wrap, _nest)


def _formula(random: Random, seed: Seed, file: str) -> Mutation | None:
    """Tokens of formulas put in, left out, doubled or exchanged."""
    text = seed.files[file]
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if re.search(r"(measure|measures|points|if|of|at_least|target|zero_at|per): ", line)]
    if not places:
        return None
    at = random.choice(places)
    head, sep, rest = lines[at].partition(": ")
    tokens = re.findall(r"「[^」]*」|[\w.]+%?|>=|<=|\S|\s", rest)
    for _ in range(random.randint(1, 4)):
        here = random.randrange(len(tokens) + 1)
        way = random.choice(("in", "out", "twice", "exchange", "replace"))
        if way == "in" or not tokens:
            tokens.insert(here, random.choice(FORMULA_TOKENS))
        elif way == "out":
            del tokens[min(here, len(tokens) - 1)]
        elif way == "twice":
            tokens[here:here] = tokens[here : here + random.randint(1, 6)] * random.choice((1, 1, 3, 200))
        elif way == "replace":
            tokens[min(here, len(tokens) - 1)] = random.choice(FORMULA_TOKENS)
        else:
            random.shuffle(tokens)
    lines[at] = head + sep + "".join(tokens)
    return one(seed, file, "\n".join(lines), "formula")


def _text(random: Random, seed: Seed, file: str) -> Mutation:
    """Changes of lines and characters that know no structure; at last, now and then, of bytes."""
    text = seed.files[file]
    for _ in range(random.choice((1, 1, 2, 4))):
        text = scrambled(random, text)
    data = text.encode("utf-8", "surrogatepass")
    return one(seed, file, flipped(random, data) if random.random() < 0.15 else data, "lines and characters")


_YAML: list[tuple[int, Mutator]] = [
    (25, _number), (8, _same_meaning), (6, _hidden), (3, _miscoded), (8, _extras), (25, _restructured), (10, _formula), (15, _text)
]  # fmt: skip
