"""One bit changed anywhere, or one edit that a person might make: is it found, and the file named?"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from perfeval.sealing import NAME, verify
from sealed import small_folder

Edit = Callable[[Path], object]


def flip(folder: Path, seed: int) -> str:
    """Turns one bit of one file around; returns which file."""
    chance = random.Random(seed)
    path = chance.choice(sorted(path for path in folder.rglob("*") if path.is_file()))
    data = bytearray(path.read_bytes())
    bit = chance.randrange(len(data) * 8)
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    return path.relative_to(folder).as_posix()


def missed(folder: Path, changed: str) -> str:
    """What is wrong with the answer to one changed file, or nothing."""
    verified = verify(folder)
    named = {problem.where.file for problem in verified.problems if problem.where and problem.is_error}
    return "" if not verified.same and changed in named else f"{changed} was changed, and verify names {sorted(named)}"


def flips(count: int, seed: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place:
        original = small_folder(Path(place, "original"))
        for number in range(count):
            copy = Path(shutil.copytree(original, Path(place, "copy")))
            if wrong := missed(copy, flip(copy, seed + number)):
                yield f"seed {seed + number}: {wrong}"
            shutil.rmtree(copy)


def soak(count: int, seed: int) -> list[str]:
    """`count` bits, each in a copy of its own. Returns what was missed."""
    print(f"sealing: {count} bits", file=sys.stderr)
    return list(flips(count, seed))


# ---- edits that mean something


def _swap(one: str, other: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / one).rename(folder / "between")
        (folder / other).rename(folder / one)
        (folder / "between").rename(folder / other)

    return edit


def _text(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / name).read_bytes()
        assert text.count(old.encode()) >= 1, f"{old} does not stand in {name}"
        (folder / name).write_bytes(text.replace(old.encode(), new.encode(), 1))

    return edit


def _bytes(name: str, change: Callable[[bytes], bytes]) -> Edit:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def _write(name: str, text: str = "x") -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")

    return edit


def _rename(name: str, new: str) -> Edit:
    return lambda folder: (folder / name).rename(folder / new)


def _instead(name: str, make: Callable[[Path], object]) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return edit


def _linked(folder: Path) -> None:
    """The same content, but somewhere else."""
    outside = folder.parent / "outside.txt"
    outside.write_bytes((folder / "附件/批复.txt").read_bytes())
    (folder / "附件/批复.txt").unlink()
    (folder / "附件/批复.txt").symlink_to(outside)


def _moved_folder(folder: Path) -> None:
    (folder / "附件").rename(folder / "附件2")
    (folder / "附件").symlink_to("附件2")


def _sorted_rows(data: bytes) -> bytes:
    head, *rows = data.splitlines(keepends=True)
    return b"".join([head, *reversed(rows)])


EDITS: dict[str, tuple[Edit, str]] = {
    "two attachments swapped": (_swap("附件/批复.txt", "附件/会议纪要.txt"), "附件/批复.txt"),
    "a report and an attachment swapped": (_swap("reports/report.md", "附件/批复.txt"), "reports/report.md"),
    "two reports swapped": (_swap("reports/report.md", "reports/report.html"), "reports/report.html"),
    "tree and evidence swapped": (_swap("indicators.yaml", "evidence.yaml"), "indicators.yaml"),
    "an attachment renamed": (_rename("附件/批复.txt", "附件/批复2.txt"), "附件/批复.txt"),
    "an attachment moved up": (_rename("附件/批复.txt", "批复.txt"), "附件/批复.txt"),
    "an attachment's name in capitals": (_rename("附件/批复.txt", "附件/批复.TXT"), "附件/批复.TXT"),
    "a blank behind a name": (_rename("附件/批复.txt", "附件/批复.txt "), "附件/批复.txt"),
    "a name with a combining mark": (_write("附件/批复\u0301.txt"), "附件/批复\u0301.txt"),
    "an attachment gone": (lambda f: (f / "附件/批复.txt").unlink(), "附件/批复.txt"),
    "an attachment emptied": (_bytes("附件/批复.txt", lambda _: b""), "附件/批复.txt"),
    "an attachment cut by a byte": (_bytes("附件/批复.txt", lambda data: data[:-1]), "附件/批复.txt"),
    "a byte behind an attachment": (_bytes("附件/批复.txt", lambda data: data + b"\0"), "附件/批复.txt"),
    "an attachment twice": (lambda f: shutil.copy(f / "附件/批复.txt", f / "附件/批复 (1).txt"), "附件/批复 (1).txt"),
    "a link with the same content": (_linked, "附件/批复.txt"),
    "the folder of attachments a link": (_moved_folder, "附件"),
    "a pipe in place of an attachment": (_instead("附件/批复.txt", os.mkfifo), "附件/批复.txt"),
    "a folder in place of an attachment": (_instead("附件/批复.txt", Path.mkdir), "附件/批复.txt"),
    "a file added": (_write("附件/新.txt"), "附件/新.txt"),
    "an empty file added": (_write("附件/空.txt", ""), "附件/空.txt"),
    "a hidden file added": (_write(".hidden"), ".hidden"),
    "a file in a new folder": (_write("a/b/c/d.txt"), "a/b/c/d.txt"),
    "a leftover of a killed run": (_write("reports/.perfeval-new-report.md"), "reports/.perfeval-new-report.md"),
    "a second seal": (lambda f: shutil.copy(f / NAME, f / "seal2.json"), "seal2.json"),
    "a seal in another folder": (lambda f: shutil.copy(f / NAME, f / "data" / NAME), f"data/{NAME}"),
    "a folder where a signature may stand": (_write("seal.json.sig/hidden.pdf"), "seal.json.sig/hidden.pdf"),
    "a link where a signature may stand": (lambda f: (f / "seal.json.sig").symlink_to("project.yaml"), "seal.json.sig"),
    "a file in place of git's folder": (_write(".git"), ".git"),
    "a link in place of git's folder": (lambda f: (f / ".git").symlink_to("附件"), ".git"),
    "a pipe in place of git's folder": (lambda f: os.mkfifo(f / ".git"), ".git"),
    "git's folder where it does not belong": (_write("附件/.git/config"), "附件/.git/config"),
    "a table's rows sorted": (_bytes("data/payments.csv", _sorted_rows), "data/payments.csv"),
    "a table's row gone": (_bytes("data/payments.csv", lambda data: data[: data.rstrip().rindex(b"\n") + 1]), "data/payments.csv"),
    "a table's row twice": (_bytes("data/payments.csv", lambda data: data + data.splitlines(keepends=True)[-1]), "data/payments.csv"),
    "a table with a byte order mark": (_bytes("data/payments.csv", lambda data: b"\xef\xbb\xbf" + data), "data/payments.csv"),
    "a table from Windows": (_bytes("data/payments.csv", lambda data: data.replace(b"\n", b"\r\n")), "data/payments.csv"),
    "a table in another encoding": (_bytes("data/payments.csv", lambda data: data.decode().encode("gb18030")), "data/payments.csv"),
    "a weight moved": (_text("indicators.yaml", "weight: 20", "weight: 21"), "indicators.yaml"),
    "two weights moved": (
        lambda f: (
            _text("indicators.yaml", "weight: 20", "weight: 21")(f),
            _text("indicators.yaml", "weight: 30", "weight: 29")(f),
        ),
        "indicators.yaml",
    ),
    "a bound spelt otherwise": (_text("indicators.yaml", "60%", "60.0%"), "indicators.yaml"),
    "a bound moved a little": (_text("indicators.yaml", "60%", "60.001%"), "indicators.yaml"),
    "a comment in the tree": (_bytes("indicators.yaml", lambda data: data + b"# x\n"), "indicators.yaml"),
    "a blank at a line's end": (_text("indicators.yaml", "weight: 20\n", "weight: 20 \n"), "indicators.yaml"),
    "a tier raised": (_text("evidence.yaml", "tier: 较好", "tier: 显著"), "evidence.yaml"),
    "an answer turned around": (_text("evidence.yaml", "[yes, yes]", "[yes, no]"), "evidence.yaml"),
    "yes as 是": (_text("evidence.yaml", "[yes, yes]", "[是, yes]"), "evidence.yaml"),
    "a fact spelt otherwise": (_text("evidence.yaml", "100万元", "1000000元"), "evidence.yaml"),
    "a fact in full-width digits": (_text("evidence.yaml", "100万元", "１００万元"), "evidence.yaml"),
    "a reason reworded": (_text("evidence.yaml", "没有改完", "尚未改完"), "evidence.yaml"),
    "an attachment no longer named": (_text("evidence.yaml", ", 附件/会议纪要.txt", ""), "evidence.yaml"),
    "the project renamed": (_text("project.yaml", "老旧小区改造项目", "老旧小区改造"), "project.yaml"),
    "the date moved": (_text("project.yaml", "2024-03", "2024-04"), "project.yaml"),
    "a score in the report": (_text("reports/report.md", "82.5", "92.5"), "reports/report.md"),
    "a score in result.json": (_text("reports/result.json", '"82.5"', '"92.5"'), "reports/result.json"),
    "the page's title": (_text("reports/report.html", "<title>", "<title> "), "reports/report.html"),
    "the reports' manifest gone": (lambda f: (f / "reports/manifest.json").unlink(), "reports/manifest.json"),
    "all reports gone": (lambda f: shutil.rmtree(f / "reports"), "reports/result.json"),
    "a chapter reworded": (_text("narrative/建议.md", "建议", "意见"), "narrative/建议.md"),
    "the total in the seal": (_text(NAME, '"82.5"', '"92.5"'), NAME),
    "a hash in the seal in capitals": (_text(NAME, '"sha256": "', '"sha256": "A'), NAME),
    "a line break behind the seal": (_bytes(NAME, lambda data: data + b"\n"), NAME),
    "a key twice in the seal": (_text(NAME, '"perfeval": 1,', '"perfeval": 1, "perfeval": 1,'), NAME),
    "the seal cut": (_bytes(NAME, lambda data: data[: len(data) // 2]), NAME),
    "the seal empty": (_bytes(NAME, lambda _: b""), NAME),
}
