"""Mutated command lines: any command with any arguments, in process, in a folder of its own, and what has to hold for each."""

from __future__ import annotations

import io
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest import mock

import click

from fuzz.odd import ARGUMENTS, FOLDERS, OPTIONS, typo
from fuzz.oracle import SECONDS, Hang, most, peak, timed, unseen
from fuzz.projects import seeds
from perfeval.cli.main import group, run

DEVICES = ("/dev/null", "/dev/full", "/dev/null/x")
"""The only absolute paths: nothing can be made there."""
LEVELS = 2  # between the folder where commands run and the one that is theirs
_LIKELY = {
    **dict.fromkeys(("folder", "folders"), ("好", "a b", "./-x", "./好/", "好/project.yaml")),
    **{
        "node": ("执行率", "耗时"),
        "target": ("新", "新/报告"),
        "formats": ("md", "html", "json", "md,html"),
        "fail_under": ("80", "12.5", "0分"),
    },
    **{"source": ("builtin:mof-2020-project", "mof-2020-project"), "name": ("新项目",), "what": ("show",), "known": ("mof-2020-project",)},
}
"""Values that make sense, by the name of a parameter."""
_LOCALES = ("zh_CN.UTF-8", "en_US.UTF-8", "C", "", "\udcff")


class Call(NamedTuple):
    arguments: tuple[str, ...]
    environment: dict[str, str]
    encoding: str

    @property
    def told(self) -> str:
        return f"{self.arguments!r} {self.environment!r} {self.encoding}"


@lru_cache(maxsize=1)
def _commands() -> dict[str, tuple[click.Parameter, ...]]:
    """Every command with what it takes: a new one joins in by itself."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: tuple(command.params) for name, command in found.items() if command is not None}


def command_line(random: Random) -> Call:
    """A command line that mostly makes sense, with up to three changes."""
    arguments = _sensible(random)
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        _changed(random, arguments)
    environment = {"LANG": random.choice(_LOCALES)}
    if random.random() < 0.1:
        environment |= {"COLUMNS": random.choice(("", "0", "-1", "x", "９", "40", "99999"))}
    if random.random() < 0.05:
        shell, word = random.choice(("bash", "zsh", "fish", "powershell", "x", "")), random.choice(("complete", "complete", "source", ""))
        at = random.choice(("0", "1", "2", "9", "-1", "x", ""))
        environment |= {"_PERFEVAL_COMPLETE": f"{shell}_{word}", "COMP_WORDS": " ".join(["perfeval", *arguments[:3]]), "COMP_CWORD": at}
    return Call(tuple(map(_inside, arguments)), environment, random.choice(("utf-8", "utf-8", "gbk", "ascii")))


def leads_outside(argument: str) -> bool:
    """Could a command write above the folders of `CallJudge` by this? No mutation may: it runs with all the rights of who tests."""
    values = (argument, argument.partition("=")[2], argument[2:] if argument.startswith("-") else "")
    return any(_is_outside(value) for value in values)


def _is_outside(value: str) -> bool:
    if value in DEVICES:
        return False
    depth = lowest = 0
    for part in value.split("/"):
        depth += -1 if part == ".." else 0 if part in ("", ".") else 1
        lowest = min(lowest, depth)
    return value.startswith("/") or lowest < -LEVELS


def _inside(argument: str) -> str:
    return argument.replace("/", "") if leads_outside(argument) else argument


def _sensible(random: Random) -> list[str]:
    name = random.choice(list(_commands()))
    arguments = [name]
    if name == "init" and random.random() < 0.7:
        arguments.append("新项目")
    for parameter in _commands()[name]:
        if isinstance(parameter, click.Option):
            if random.random() < 0.15:
                word = random.choice(parameter.opts)
                arguments += [word] if parameter.is_flag else _with_value(random, word, _value(random, parameter))
        elif parameter.required or random.random() < 0.7:
            arguments += [_value(random, parameter) for _ in range(random.choice((1, 2)) if parameter.nargs == -1 else 1)]
    return arguments


def _with_value(random: Random, word: str, value: str) -> list[str]:
    return [f"{word}={value}"] if word.startswith("--") and random.random() < 0.3 else [word, value]


def _value(random: Random, parameter: click.Parameter) -> str:
    if isinstance(parameter.type, click.Choice) and random.random() < 0.9:
        return str(random.choice(list(parameter.type.choices)))
    likely = _LIKELY.get(parameter.name or "", ARGUMENTS)
    return random.choice(likely if random.random() < 0.85 else ARGUMENTS)


def _changed(random: Random, arguments: list[str]) -> None:
    at = random.randrange(len(arguments)) if arguments else 0
    way = random.choice(("out", "twice", "order", "value", "option", "typo", "odd")) if arguments else "option"
    if way == "out":
        del arguments[at]
    elif way == "twice":
        arguments.insert(at, arguments[at])
    elif way == "order":
        random.shuffle(arguments)
    elif way == "value":
        arguments.insert(at + 1, random.choice(ARGUMENTS))
    elif way == "option":
        known = [word for parameters in _commands().values() for parameter in parameters for word in parameter.opts if word.startswith("-")]
        arguments.insert(at, random.choice((random.choice(OPTIONS), random.choice(known))))
    elif way == "typo":
        arguments[at] = typo(random, arguments[at])
    else:
        arguments[at] = random.choice(ARGUMENTS)


class CallJudge:
    """Runs command lines below a folder of its own, which it puts back as it was, and says what is wrong with what comes of them."""

    def __init__(self, folder: Path) -> None:
        self.top = folder
        self.here = folder / "上" / "深"
        self.count = 0
        self.most = most()
        self.known: list[tuple[str, int, int]] = []
        self._build()

    def _build(self) -> None:
        shutil.rmtree(self.top, ignore_errors=True)
        by_name = {seed.name: seed for seed in seeds()}
        for number, name in enumerate(FOLDERS):
            seed = by_name[("linear", "tables", "rebased")[number % 3]]
            for file, text in seed.files.items():
                path = self.here / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text if number < 3 else text[: len(text) // 2], "utf-8")
        (self.here / "empty").mkdir()
        (self.here / "file.txt").write_text("x")
        (self.here / "link").symlink_to("好")
        self.known = self._listed()

    def _listed(self) -> list[tuple[str, int, int]]:
        """Everything there is, and when it was written."""
        found = []
        for folder, inner, files in os.walk(self.top):
            for name in (*inner, *files):
                status = os.lstat(f"{folder}/{name}")
                found.append((f"{folder}/{name}", status.st_size, status.st_mtime_ns))
        return sorted(found)

    def judge(self, call: Call) -> str | None:
        """What is wrong, in words; None where all is well."""
        assert not any(map(leads_outside, call.arguments)), call
        start = time.process_time()
        out, err = (io.TextIOWrapper(io.BytesIO(), call.encoding, "backslashreplace", newline="\n") for _ in range(2))
        try:
            with self._set_up(call, out, err), timed():
                code = run(list(call.arguments))
        except Hang:
            return "it hangs"
        except BaseException as error:  # SystemExit too: run returns its code
            return f"{type(error).__name__}: {error}"[:500]
        finally:
            if self._listed() != self.known:
                self._build()
        seconds = time.process_time() - start
        shown = [stream.buffer.getvalue().decode(call.encoding, "replace") for stream in (out, err)]
        wrong = _wrong(call, code, *shown) or (f"{seconds:.1f} s" if seconds > SECONDS else None)
        self.count += 1
        if wrong is None and self.count % 32 == 0 and peak() > self.most:  # asking takes milliseconds
            self.most = peak()  # said once
            return f"{self.most // 1000} MB, here or in the 31 calls before"
        return wrong

    @contextmanager
    def _set_up(self, call: Call, out: io.TextIOWrapper, err: io.TextIOWrapper) -> Iterator[None]:
        names = ("PERFEVAL_LANG", "LC_ALL", "LC_MESSAGES", "PERFEVAL_DEBUG", "NO_COLOR", "_PERFEVAL_COMPLETE", "COLUMNS")
        kept = {name: value for name, value in os.environ.items() if name not in names}
        streams = mock.patch.multiple(sys, stdout=out, stderr=err, stdin=io.TextIOWrapper(io.BytesIO(), "utf-8"))
        with chdir(self.here), mock.patch.dict(os.environ, kept | call.environment, clear=True), streams:
            yield
            out.flush()
            err.flush()


def _wrong(call: Call, code: object, out: str, err: str) -> str | None:
    if code not in (0, 1, 2, 3):
        return f"exit code {code}"
    if any(word in out + err for word in ("Traceback", "内部错误", "Internal error")):
        return f"our own code broke: {err[-500:]}"
    if code == 3 and "No such file or directory" in err:
        return f"a name that is not there is told as a failure of the system: {err[-300:]}"
    if code in (2, 3) and not out + err and "_PERFEVAL_COMPLETE" not in call.environment:
        return f"exit code {code} without a word"
    if hidden := unseen(err.replace("\n", "")):
        return f"prints {hidden[:5]!r}"
    return None
