"""The ways to a grade: the fewest indicators, and for each the smallest change of its evidence that earns the points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from math import lcm

from perfeval.ir.nodes import Number
from perfeval.ir.walk import inputs
from perfeval.lowering.nodes import NodeIndex
from perfeval.problems import Problem, spelling_hint
from perfeval.whatif.bounds import Bounds
from perfeval.whatif.climb import Climb
from perfeval.whatif.facts import FactUnit
from perfeval.whatif.found import Move, Room, Way, Ways
from perfeval.whatif.keys import Keys, Refused
from perfeval.whatif.levers import levers
from perfeval.whatif.reach import Reach
from perfeval.whatif.sets import sets, shares
from perfeval.whatif.standing import Standing
from perfeval.whatif.trying import Changes, scored_again, texts
from perfeval.whatif.weights import factors_of

SHOWN = 5
COMPARED = 20  # ways found that are compared by what they really gain
TRIES = 200  # sets of one size that are scored, where rounding on the way makes some of them fall short
FINER = 10  # sums are counted so much finer where points are scaled, or only the total is rounded

Unit = Reach | FactUnit


def finals(at: Standing, words: Iterable[str]) -> frozenset[str]:
    """The evidence keys that can no longer change; an indicator's name means all that its score rests on. Raises `Refused`."""
    keys, index = Keys(at.ground.folder, at.program), NodeIndex(at.ground.folder.tree)
    found: set[str] = set()
    for word in words:
        node = index.find(word)
        if word not in at.ground.folder.facts and not isinstance(node, Problem):
            ref = tuple(one.key for one in node[1])
            for leaf in at.result.leaves:
                if leaf.ref[: len(ref)] == ref:
                    found.update(inputs(at.program.nodes[leaf.id].expr))
        else:
            found.add(keys.find(word).key)
    return frozenset(found)


def ways(at: Standing, grade: str, final: Collection[str] = ()) -> Ways:
    """Raises `Refused` where there is no such grade, or it is reached already."""
    if grade not in at.ranks:
        zh, en = spelling_hint(grade, at.ranks)
        known = [band.name for band in at.result.bands]
        raise Refused(
            f"没有「{grade}」这个等级，有的是：{'、'.join(known)}。{zh}",
            f"There is no grade “{grade}”; there are: {', '.join(known)}. {en}".rstrip(),
        )
    if at.rank >= at.ranks[grade]:
        already = ("已经是", "is already") if at.grade == grade else ("已经高于它", "is already above it")
        raise Refused(
            f"现在是「{at.grade}」，{already[0]}{f'「{grade}」' if at.grade == grade else ''}；--to 只列出向上的办法。",
            f"The grade is “{at.grade}”, which {already[1]}{f' “{grade}”' if at.grade == grade else ''}; --to lists ways upwards only.",
        )
    return _Search(at, grade, final).found()


class _Search:
    def __init__(self, at: Standing, grade: str, final: Collection[str]) -> None:
        self.at, self.grade, self.rank, self.final = at, grade, at.ranks[grade], final
        self.levers = levers(at, final)
        factors = factors_of(at.result)
        even = all(factor == 1 for factor in factors.values()) and at.result.rounding_at == "leaf"
        common = _common(at)
        self.even = even and common * 1_000 >= at.unit
        self.grain = common if self.even else at.unit / FINER
        self.slack = Fraction(0) if even or at.result.rounding_at == "total" else at.unit * len(at.result.indicators)
        self._moved: dict[tuple[Unit, int], Move | None] = {}
        self.units = [unit for unit in self._units(factors) if unit.gains]
        self.lifts, self.capped = self._vetoes()
        self.aim = at.aim(self.rank)
        self.bounds, self.climb = Bounds(at, self.levers), Climb(at, self.levers)

    def found(self) -> Ways:
        best, (farthest, rank) = self._farthest()
        name = next(name for name, own in self.at.ranks.items() if own == rank)
        known: tuple[Way, ...] = ()
        count, least = 0, True
        if self.aim is not None and not self.capped:
            known, count = self._ways(self.aim, best if rank >= self.rank else None)
            least = count <= 1 or self.bounds.most_of(count - 1) + 4 * self.slack < self._need(self.aim)
        proven = bool(self.capped) or self.aim is None or self.bounds.rank < self.rank
        start, rooms = self.at.result, tuple(self._rooms(best))
        bound = max(self.bounds.total, farthest)
        return Ways(self.grade, self.aim, start, known, count, least, proven, bound, farthest, name, rooms, self.capped, self.levers)

    # ---- what can be moved

    def _units(self, factors: Mapping[str, Fraction]) -> Iterator[Unit]:
        """Each part with the answers that only it uses, then each fact that several use."""
        for part in self.at.parts.values():
            own = [lever for lever in self.levers.values() if lever.parts == (part.id,)]
            yield Reach(self.at, part, own, factors.get(part.id, Fraction(1)), self.grain)
        for lever in self.levers.values():
            if len(lever.parts) > 1:
                yield FactUnit(self.at, lever, self.grain)

    def _vetoes(self) -> tuple[Changes, tuple[str, ...]]:
        """The vetoes on the whole project that would have to be lifted, and those among them that stand for good."""
        forbids = [key for key in self.at.vetoes if self.at.values.get(key) and self._forbids(key)]
        lifts: Changes = {key: 0 for key in forbids if key in self.levers}
        texts_of = {f"veto/{veto.key}": veto.text for veto in self.at.ground.folder.tree.veto}
        return lifts, tuple(texts_of.get(key, key) for key in forbids if key not in lifts)

    def _forbids(self, key: str) -> bool:
        others = {other: 0 for other in self.at.vetoes if other != key}
        return self.at.rank_if(self.at.result.full, others) < self.rank

    # ---- the ways

    def _ways(self, aim: Fraction, farthest: Changes | None) -> tuple[tuple[Way, ...], int]:
        need = self._need(aim) - self.slack
        if self._reaches(()) is not None:  # lifting a veto is enough
            return tuple(self._verified([()])), 0
        best = sorted((unit.most for unit in self.units), reverse=True)
        for count in range(1, len(self.units) + 1):
            if sum(best[:count], Fraction(0)) < need:
                continue
            found = sorted(islice(self._chosen(count, need), COMPARED), key=lambda pair: pair[0])
            if found:
                return tuple(self._verified(moves for _, moves in found)), count
        return ((), 0) if farthest is None else self._by_climbing(farthest)

    def _by_climbing(self, best: Changes) -> tuple[tuple[Way, ...], int]:
        """Where no set came to it by its sum: the best that is known, without what is not needed."""
        needed = self.climb.less({key: value for key, value in best.items() if key not in self.at.vetoes}, self._lifted)
        of: dict[tuple[str, ...], Changes] = {}
        for key, value in needed.items():
            of.setdefault(tuple(self.at.users[key]), {})[key] = value
        moves = tuple(Move(leaves, changes, texts(self.at, self.levers, changes), {}) for leaves, changes in of.items())
        return tuple(self._verified([moves])), len(moves)

    def _lifted(self, changes: Changes) -> bool:
        graded = self.at.graded({**self.lifts, **changes})
        return graded is not None and graded[1] >= self.rank

    def _need(self, aim: Fraction) -> Fraction:
        """What the parts have to gain together; where only the total is rounded, half a unit less will do."""
        if self.at.result.rounding_at == "total":
            return aim - self.at.unit / 2 - self.at.sum_with({}, raw=True)
        return aim - self.at.sum_with({})

    def _chosen(self, count: int, need: Fraction) -> Iterator[tuple[Fraction, tuple[Move, ...]]]:
        """Sets of so many units that come to the grade, those first that should gain least, with the total that they come to."""
        masks = [unit.gains for unit in self.units]
        least = max(0, int(-(-need // self.grain)) - (0 if self.even else count))  # gains are counted in whole grains
        for total, chosen in sets(masks, count, least, TRIES):
            units = [self.units[at] for at in chosen]
            if _overlap(units):
                continue
            for more in self._more(count):
                moves = self._moves(units, shares([unit.gains for unit in units], total + more))
                reached = None if moves is None else self._reaches(moves)
                if moves is not None and reached is not None:
                    yield reached, moves
                    break

    def _more(self, count: int) -> Iterator[int]:
        """Grains beyond a sum that are tried where sums are not exact: grains cut off, and roundings on the way."""
        yield 0
        more = 1
        while not self.even and more < 2 * (count + self.slack / self.grain):
            yield more
            more *= 2

    def _moves(self, units: list[Unit], gains: tuple[int, ...] | None) -> tuple[Move, ...] | None:
        if gains is None:
            return None
        found = []
        for unit, gain in zip(units, gains, strict=True):
            if (unit, gain) not in self._moved:
                self._moved[unit, gain] = self._move(unit, gain)
            move = self._moved[unit, gain]
            if move is None:
                return None
            found.append(move)
        return tuple(found)

    def _move(self, unit: Unit, gain: int) -> Move | None:
        settled = unit.settle(gain)
        if settled is None:
            return None
        return Move(_leaves(unit), settled.changes, texts(self.at, self.levers, settled.changes), settled.ends)

    def _reaches(self, moves: tuple[Move, ...]) -> Fraction | None:
        changes: dict[str, Number] = dict(self.lifts)
        for move in moves:
            changes |= move.changes
        graded = self.at.graded(changes)
        return graded[0] if graded is not None and graded[1] >= self.rank else None

    def _verified(self, sets_of: Iterable[tuple[Move, ...]]) -> Iterator[Way]:
        """Each by the real scorer; one that does not come out there is a fault of ours."""
        for number, moves in enumerate(sets_of, 1):
            written = texts(self.at, self.levers, self.lifts)
            for move in moves:
                written |= move.written
            after = scored_again(self.at, written).after.result
            assert after.total is not None and after.grade is not None and self.at.ranks[after.grade] >= self.rank, written
            yield Way(moves, tuple(self.lifts), after, after.total - self.at.total)
            if number == SHOWN:
                return

    # ---- how far one could get

    def _farthest(self) -> tuple[Changes, tuple[Fraction, int]]:
        """Everything at its best, a shared fact where it gains anything beside that; and on from there, and from where it stands."""
        lifted: Changes = {key: 0 for key in self.at.vetoes if key in self.levers}
        changes = lifted | {key: value for unit in self.units if isinstance(unit, Reach) for key, value in unit.best.changes.items()}
        best = self.at.graded(changes) or (self.at.total, self.at.rank)
        for unit in self.units:
            settled = unit.best if isinstance(unit, FactUnit) and best[0] < self.bounds.total else None
            after = None if settled is None else self.at.graded({**changes, **settled.changes})
            if settled is not None and after is not None and after > best:
                changes, best = {**changes, **settled.changes}, after
        for start in (changes, lifted):
            if best[0] < self.bounds.total:
                climbed, after = self.climb.up(start, self._open(start))
                if after > best:
                    changes, best = climbed, after
        return changes, best

    def _open(self, changes: Changes) -> frozenset[str]:
        """The levers of parts that might have more points yet."""
        short = {name for name, part in self.at.parts.items() if self._score(name, changes) != self.bounds.of[name]}
        return frozenset(key for key, lever in self.levers.items() if not short.isdisjoint(lever.parts))

    def _score(self, name: str, changes: Changes) -> Fraction:
        tried = self.climb.trials[name].score(changes)
        return self.at.parts[name].score if tried is None else tried.score

    def _alone(self, name: str) -> Fraction:
        """The most that is found for one part with all its evidence, whatever that does to others."""
        every = [lever for lever in self.levers.values() if name in lever.parts]
        return Reach(self.at, self.at.parts[name], every, Fraction(1), self.grain).best.score

    def _rooms(self, best: Changes) -> Iterator[Room]:
        own = {unit.part.id: unit.best.score for unit in self.units if isinstance(unit, Reach)}
        for leaf in self.at.result.leaves:
            if leaf.lost > 0:
                most = max(own.get(leaf.id, Fraction(0)), leaf.counted or Fraction(0))
                if leaf.id in self.at.parts and most < self.bounds.of[leaf.id]:
                    most = max(most, self._score(leaf.id, best), self._alone(leaf.id))
                yield Room(leaf, most, leaf.id not in self.at.parts or most >= self.bounds.of[leaf.id])


def _common(at: Standing) -> Fraction:
    """What all scores that can come out are whole multiples of: full marks of 20.3 are finer than whole points."""
    ends = [end for part in at.parts.values() for end in (part.score, part.most)]
    return Fraction(1, lcm(at.unit.denominator, *(end.denominator for end in ends)))


def _leaves(unit: Unit) -> tuple[str, ...]:
    return (unit.part.id,) if isinstance(unit, Reach) else unit.lever.parts


def _overlap(units: list[Unit]) -> bool:
    touched = [name for unit in units for name in _leaves(unit)]
    return len(set(touched)) < len(touched)
