"""init: a new project folder that scores at once; its comments teach the format."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from perfeval.cli.output import Output, Wrong
from perfeval.cli.output import command as command_with


@command_with("新建项目文件夹 make a project folder")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--from", "source", metavar="builtin:ID", help="用内置的指标体系（见 perfeval frameworks） Start from a built-in tree.")
@click.option("--name", help="项目名称 The project's name.")
def command(folder: Path, source: str | None, name: str | None, output: Output) -> None:
    """新建一个马上能打分的项目文件夹，文件里的注释讲解写法。

    Make a project folder that scores at once; comments in its files teach the format.

    \b
    例 Examples:
      perfeval init 我的项目
      perfeval init 我的项目 --name 某某项目
      perfeval init 我的项目 --from builtin:mof-2020-project
    """
    import shlex

    if str(folder) == "-":
        raise Wrong("init 要一个文件夹名，不能写到标准输出。", "init takes the name of a folder: it does not write to stdout.")
    from perfeval.problems import Fault
    from perfeval.reading.library import starter

    try:
        origin = starter(source or "basic")
    except Fault as fault:
        problem = fault.on(None)
        raise Wrong(problem.message("zh") + problem.remedy("zh"), f"{problem.message('en')} {problem.remedy('en')}") from None
    files = {path.relative_to(origin): path.read_bytes() for path in sorted(origin.rglob("*")) if path.is_file()}
    if name is not None:
        project = Path("project.yaml")
        files[project] = named(files[project].decode(), name).encode()
    _write(folder, files)
    typed = shlex.quote(str(folder))
    output.remark(output.pick(f"已建好 {folder}：", f"Made {folder}:"))
    for path in sorted(map(Path.as_posix, files)):
        output.remark(f"  {path}")
    output.remark(output.pick("接着：", "Next:"))
    for told in (f"perfeval score {typed}", f"perfeval explain {typed}"):
        output.remark(f"  {told}")


def named(project: str, name: str) -> str:
    """The project file with another name, everything else as it stands."""
    import json
    import re

    if not name.strip() or not name.isprintable():
        raise Wrong("项目名称是空的，或含有控制字符。", "The name is empty, or has control characters in it.")
    # a JSON string is a double-quoted YAML text too
    return re.sub(r"(?m)^name:.*$", lambda _: f"name: {json.dumps(name.strip(), ensure_ascii=False)}", project, count=1)


def _write(folder: Path, files: dict[Path, bytes]) -> None:
    """Writes into a folder that is empty or not there yet; what a failure left half done is removed again."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Wrong(
            f"「{folder}」已经有内容，不会覆盖；请换一个新的文件夹。", f"“{folder}” is not empty and is left as it is: name a new folder."
        )
    made: list[Path] = []
    try:
        for path, data in files.items():
            target = folder / path
            for parent in reversed([target.parent, *target.parent.parents]):
                if not parent.exists():
                    parent.mkdir()
                    made.append(parent)
            made.append(target)
            with target.open("xb") as file:
                file.write(data)
    except BaseException:
        for path in reversed(made):
            _remove(path)
        raise


def _remove(path: Path) -> None:
    with suppress(OSError):  # the first failure is the one to tell
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
