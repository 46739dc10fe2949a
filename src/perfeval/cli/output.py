"""What commands share: options, the FOLDER argument, help in two languages, and where their words go.

Everything a command prints is kept until it is done, so that the exit code is known before a pipe can break. Results go to
stdout, problems and remarks to stderr. Only click is imported here: a command pays for what it uses.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from perfeval.cli._shown import can_print, escaped

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from perfeval.problems import Lang, Problem

Piece = tuple[str, str]
"""A text and its style, as rich names it ("bold", "red", "")."""

Function = TypeVar("Function", bound=Callable[..., Any])


class Wrong(click.UsageError):
    """A usage error in two languages: exit 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


def lang_of_environment() -> Lang:
    """PERFEVAL_LANG, else the locale: English where it says so, else Chinese (also for C)."""
    for name in ("PERFEVAL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if said := os.environ.get(name):
            return "en" if said.lower().startswith("en") else "zh"
    return "zh"


class Output:
    """Collects what a run says; `main` writes it out."""

    def __init__(self) -> None:
        self.lang: Lang = lang_of_environment()
        self.quiet = False
        self.base = ""  # the folder as typed: files in problems are shown below it
        self.out: list[str] = []
        self.err: list[str] = []

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def result(self, text: str) -> None:
        """A line of what was asked for."""
        self.out.append(text + "\n")

    def remark(self, text: str) -> None:
        """A line for people beside what was asked for; not with --quiet."""
        if not self.quiet:
            self.out.append(escaped(text) + "\n")

    def data(self, text: str) -> None:
        """JSON for programs. Outside UTF-8 it is written in ASCII escapes, so that it stays valid JSON on any console."""
        self.out.append(text if speaks_utf8(sys.stdout) else re.sub(r"[^\x00-\x7f]", _json_escape, text))

    def problems(self, problems: Iterable[Problem]) -> None:
        """Problems to stderr, sorted and counted; --quiet leaves the errors."""
        from perfeval.cli._problems import shown_problems

        chosen = [problem for problem in problems if problem.is_error or not self.quiet]
        ruler = "│" if can_print(sys.stderr, "│") else "|"
        text = shown_problems(chosen, self.lang, self.base, colour=coloured(sys.stderr), ruler=ruler)
        self.err.append(text)

    def render(self, lines: Iterable[Iterable[Piece]]) -> None:
        """Lines of pieces. Without colours the texts are all there is, and rich is not needed."""
        if not coloured(sys.stdout):
            self.out += ["".join(text for text, _ in line).rstrip() + "\n" for line in lines]
            return
        import io

        from rich.console import Console
        from rich.text import Text

        console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", legacy_windows=False)
        shown = Text("\n").join(Text.assemble(*line) for line in lines)
        with console.capture() as capture:
            console.print(shown, markup=False, emoji=False, highlight=False, overflow="ignore", no_wrap=True, crop=False)
        self.out.append(capture.get())


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def speaks_utf8(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "") in ("utf8", "utf8sig")


def coloured(stream: TextIO | None) -> bool:
    """Colours: on a terminal only, and never where NO_COLOR or a dumb terminal asks for none."""
    try:
        at_terminal = stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
    return at_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO | None) -> int:
    """How wide to print: COLUMNS, else the terminal, else 100; lines beyond 120 columns are hard to read."""
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) > 0:
        wide = int(given)
    else:
        try:
            wide = os.get_terminal_size(stream.fileno()).columns if stream is not None and stream.isatty() else 100
        except (OSError, ValueError):
            wide = 100
    return max(40, min(wide or 100, 120))


class BilingualHelp(click.Command):
    """Headings of the help page in Chinese and English."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "用法 Usage: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [parameter.get_help_record(ctx) for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        with formatter.section("选项 Options"):
            formatter.write_dl([record for record in records if record is not None])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这页帮助 Show this page."
            option.callback = _show_help
        return option


def _show_help(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """As click does it, but kept with what else is printed: it fits any console, and what cannot be written is told."""
    if wanted and not ctx.resilient_parsing:
        ctx.ensure_object(Output).result(ctx.get_help())
        ctx.exit()


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def command(short_help: str, **options: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with the common options; its function gets `output` and returns nothing or an exit code."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**values: Any) -> Any:
            return function(output=click.get_current_context().ensure_object(Output), **values)

        return click.command(cls=BilingualHelp, short_help=short_help, context_settings=SETTINGS, **options)(output_options(run))

    return decorate


def _set_lang(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Output).lang = "en" if value == "en" else "zh"


def _set_quiet(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:  # else it may have been said before the command
        ctx.ensure_object(Output).quiet = True


def output_options(function: Function) -> Function:
    """-q and --lang, of every command and before it. They are read first, so that later usage errors speak the language asked for."""
    quiet = click.option(
        "-q", "--quiet", is_flag=True, is_eager=True, expose_value=False, callback=_set_quiet, help="只说错误 Only say errors."
    )
    lang = click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        is_eager=True,
        expose_value=False,
        callback=_set_lang,
        help="语言（默认看系统） Language (default: the locale's).",
    )
    return quiet(lang(function))


class ProjectFolder(click.Path):
    """An existing folder; its project.yaml may be named instead. Not `strict`: that it exists is for the command to find out."""

    name = "folder"

    def __init__(self, strict: bool = True) -> None:
        super().__init__(path_type=Path)
        self.strict = strict

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.name == "project.yaml" and os.path.isfile(path):
            return path.parent
        if not self.strict:
            return path
        if not os.path.exists(path):
            raise Wrong(f"没有文件夹「{value}」。", f"There is no folder “{value}”.")
        if not os.path.isdir(path):
            raise Wrong(f"「{value}」不是文件夹。", f"“{value}” is not a folder.")
        return path

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="dir")]


PROJECT_FOLDER = ProjectFolder()
MAYBE_A_FOLDER = ProjectFolder(strict=False)
