"""`perfeval`: the group of commands, and the one place where what happened becomes words and an exit code.

0 fine; 1 a check found what it looks for; 2 bad input or usage; 3 the system failed, or our own code. Never a traceback
(PERFEVAL_DEBUG=1 shows it). A command is a file of this folder with `command` in it, imported when it is asked for.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

import click

from perfeval.cli._shown import escaped
from perfeval.cli.output import SETTINGS, BilingualHelp, Output, Wrong, output_options

PROGRAM = "perfeval"
COMPLETE = "_PERFEVAL_COMPLETE"
_NOT_COMMANDS = ("main", "output")


class Commands(BilingualHelp, click.Group):
    """Finds the commands in this folder; a name picks the file, so that nothing else is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        stems = (path.stem for path in Path(__file__).parent.glob("*.py"))
        return sorted(stem.replace("_", "-") for stem in stems if stem not in _NOT_COMMANDS and not stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found = import_module(f"{__package__}.{cmd_name.replace('-', '_')}").command
        assert isinstance(found, click.Command)
        return found

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("命令 Commands"):
            formatter.write_dl([(name, one.get_short_help_str(200)) for name, one in found if one is not None])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and not args[0].startswith("-") and args[0] not in (known := self.list_commands(ctx)):
            from perfeval.problems import spelling_hint

            zh, en = spelling_hint(args[0], known)
            raise Wrong(f"没有命令「{args[0]}」。{zh}", f"There is no command “{args[0]}”. {en}".rstrip())
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from perfeval import __version__

        ctx.ensure_object(Output).result(f"{PROGRAM} {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings=SETTINGS)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="显示版本 Show the version.")
@output_options
def group() -> None:
    """项目支出绩效评价打分：精确、可解释、可复核。

    Scores project performance evaluations: exact, explained, repeatable.

    \b
    例 Examples:
      perfeval init 我的项目                    新建一个能打分的项目 a project to start from
      perfeval score 我的项目                   打分，写报告 score it, write the reports
      perfeval explain 我的项目 预算执行率      为什么是这个分 why the score is what it is
    """


def main() -> NoReturn:
    """The console script."""
    gc.set_threshold(100_000, 50, 50)  # a run is short: collecting young objects again and again is most of its cost
    for stream in (sys.stdout, sys.stderr):
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    gc.freeze()  # nor is anything gained by searching all objects for circles on leaving
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """One run: what it says is written out, its exit code returned."""
    output = Output()
    try:
        code = _outcome(arguments, output)
    except BrokenPipeError:  # the reader of a help page has left
        _silence(sys.stdout)
        return 0
    return _write(output, code)


def _outcome(arguments: list[str], output: Output) -> int:
    """Runs the command; whatever happens becomes text in `output` and an exit code."""
    from click.exceptions import Exit

    try:
        if instruction := os.environ.get(COMPLETE):
            from perfeval.cli.completion import complete

            return complete(group, instruction)
        with group.make_context(PROGRAM, arguments or ["--help"], obj=output) as ctx:
            code = group.invoke(ctx)
            return code if isinstance(code, int) else 0
    except Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        output.err.append(_usage(error, output))
        return 2
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:
        output.out.clear()
        return _failed(error, output)


def _failed(error: Exception, output: Output) -> int:
    """Bad input is told in full; a failure of the machine, or of ourselves, in one line."""
    from perfeval.problems import ProblemsFound, SystemFailed

    if isinstance(error, ProblemsFound):
        output.problems(error.problems)
        return 2
    if os.environ.get("PERFEVAL_DEBUG"):
        import traceback

        output.err.append(traceback.format_exc())
    if isinstance(error, SystemFailed | OSError):
        from perfeval.cli._system import system_error

        told = output.pick(*system_error(error))
    elif isinstance(error, MemoryError):
        told = output.pick("内存不够。", "There is not enough memory.")
    else:
        what = f"{type(error).__name__}: {error}"[:300]
        told = output.pick(
            f"程序内部错误 {what}（不是您的文件的问题；设 PERFEVAL_DEBUG=1 再运行一次，可得到报告错误所需的细节）",
            f"Internal error {what} (not a fault of your files; run again with PERFEVAL_DEBUG=1 for the details to report)",
        )
    output.err.append(escaped(told) + "\n")
    return 3


def _usage(error: click.ClickException, output: Output) -> str:
    """A usage error: in Chinese and English, or in English alone where that is asked for; then where help is."""
    zh, en = _said(error)
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    lines = [f"用法不对：{zh}"] if output.lang == "zh" else []
    lines += [f"Usage error: {en}", f"{ctx.command_path if ctx else PROGRAM} --help"]
    return "".join(escaped(line) + "\n" for line in lines)


def _said(error: click.ClickException) -> tuple[str, str]:
    """What click found wrong, in our words: its own vary with its version and know no Chinese."""
    from perfeval.problems import spelling_hint

    match error:
        case Wrong():
            return error.zh, error.message
        case click.NoSuchOption():
            known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
            zh, en = spelling_hint(error.option_name, [*known, "--help"])
            return f"没有选项「{error.option_name}」。{zh}", f"There is no option “{error.option_name}”. {en}".rstrip()
        case click.MissingParameter(param=click.Parameter() as parameter):
            name = parameter.make_metavar(error.ctx) if isinstance(parameter, click.Argument) and error.ctx else parameter.opts[0]
            return f"缺少 {name}。", f"{name} is missing."
        case click.BadParameter(param=click.Parameter() as parameter):
            if isinstance(parameter.type, click.Choice):
                choices = ", ".join(map(str, parameter.type.choices))
                return f"{parameter.opts[0]} 可用的值：{choices}。", f"{parameter.opts[0]} is one of: {choices}."
            return f"{parameter.opts[0]} 的值不对。", error.format_message()
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 少了值，或不能带值。", error.format_message()
    if error.message.startswith("Got unexpected extra"):
        return "多余的参数：" + error.message.partition("(")[2].rstrip(").") + "。", error.format_message()
    return error.format_message(), error.format_message()


def _write(output: Output, code: int) -> int:
    """Problems first, so that the result is the last thing on the screen. A reader that has left changes no exit code."""
    for stream, texts in ((sys.stderr, output.err), (sys.stdout, output.out)):
        text = "".join(texts)
        try:
            if text and stream is None and texts is output.out:
                raise OSError(errno.EBADF, "stdout is closed")
            if text:
                click.echo(text, file=stream, nl=False, err=stream is sys.stderr)
            elif stream is not None:
                stream.flush()
        except BrokenPipeError:
            _silence(stream)
        except (OSError, ValueError) as error:  # a full disk behind >, or a closed stream
            _silence(stream)
            why = getattr(error, "strerror", None) or error
            with suppress(OSError, ValueError):
                click.echo(
                    output.pick(f"系统出错：写不出结果（{why}）。", f"The system failed: cannot write the result ({why})."), err=True
                )
            return 3
    return code


def _silence(stream: TextIO | None) -> None:
    """What is still in the buffer goes nowhere: the interpreter would complain about it on leaving."""
    if stream is None:
        return
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    main()
