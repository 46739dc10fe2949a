"""What stands at a path of a file: whether a place lies in it, from its first sign to its last."""

from __future__ import annotations

import pytest

from perfeval.problems import Origin, Path, Where
from perfeval.reading.positions import Sources
from perfeval.reading.yaml_subset import read_yaml

TEXT = """\
perfeval: 1
树:
- 名: 甲
  值: {下: 10, 上: 20%}
  列: [一, 二]
- 名: 乙
  空: {}
  无: []
末: 尾
"""


def sources() -> Sources:
    file = read_yaml("a.yaml", TEXT.encode())
    assert not file.problems
    found = Sources()
    found.add(file)
    return found


@pytest.mark.parametrize(
    ("path", "first", "last", "before", "behind"),
    [
        (("树",), (3, 1), (8, 7), (2, 1), (9, 1)),  # a list begins at its first dash; its key is not part of it
        (("树", 0), (3, 3), (5, 10), (3, 2), (6, 1)),
        (("树", 0, "名"), (3, 6), (3, 6), (3, 5), (4, 3)),
        (("树", 0, "值"), (4, 6), (4, 20), (4, 5), (5, 3)),
        (("树", 0, "值", "下"), (4, 10), (4, 11), (4, 7), (4, 14)),
        (("树", 0, "值", "上"), (4, 17), (4, 19), (4, 14), (5, 3)),
        (("树", 0, "列"), (5, 6), (5, 11), (5, 5), (6, 1)),
        (("树", 0, "列", 1), (5, 10), (5, 10), (5, 7), (6, 1)),
        (("树", 1, "空"), (7, 6), (7, 6), (7, 5), (8, 3)),  # what is empty has its own signs alone
        (("树", 1, "无"), (8, 6), (8, 6), (8, 5), (9, 1)),
        (("树", 1), (6, 3), (8, 6), (6, 2), (9, 1)),
        (("树", 0, "没有"), (3, 3), (5, 10), (3, 2), (6, 1)),  # what is not there is told at what holds it
    ],
)
def test_the_ends_of_what_stands_there(
    path: Path, first: tuple[int, int], last: tuple[int, int], before: tuple[int, int], behind: tuple[int, int]
) -> None:
    places, origin = sources(), Origin("a.yaml", path)
    told = [places.covers(origin, Where("a.yaml", *at)) for at in (before, first, last, behind)]
    assert told == [False, True, True, False]


def test_a_file_as_a_whole_covers_all_of_it_and_nothing_of_another() -> None:
    places = sources()
    assert places.covers(Origin("a.yaml", ()), Where("a.yaml", 1, 1))
    assert places.covers(Origin("a.yaml", ()), Where("a.yaml", 99, 1))
    assert places.covers(Origin("report.md", ()), Where("report.md", 3, 1))  # no file of the rules
    assert not places.covers(Origin("a.yaml", ()), Where("b.yaml", 1, 1))


def test_a_path_of_one_file_covers_no_place_of_another() -> None:
    places = sources()
    assert not places.covers(Origin("a.yaml", ("树",)), Where("b.yaml", 3, 3))
    assert not places.covers(Origin("b.yaml", ("树",)), Where("b.yaml", 3, 3))  # nobody read b.yaml


def test_a_file_that_was_not_read_covers_no_place() -> None:
    file = read_yaml("a.yaml", b"- 1\n")
    assert file.root is None
    assert not file.covers((), Where("a.yaml", 1, 1))
