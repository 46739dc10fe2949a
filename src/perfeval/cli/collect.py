"""collect: project folders as one table for batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli._tables import check_file, need_libraries
from perfeval.cli.output import Output
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from collections.abc import Sequence


@command_with("把项目文件夹收成一张表 project folders as one table")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option(
    "-o", "--output", "target", metavar="FILE", required=True, help="写到这里：.parquet 或 .csv；- 打印 CSV Where the table goes."
)
def command(folders: tuple[str, ...], target: str, output: Output) -> int:
    """把项目文件夹的佐证收成一张表：每个项目一行，列名就是佐证的键，值都精确。可直接给 batch 和 diff --evidence 用。

    Turn the evidence of project folders into one table: a project in each row, columns named by evidence keys, every
    value exact. It is what batch and diff --evidence read.

    \b
    项目以文件夹的名字为名，重名时用路径。读不了的文件夹会说明，其余照收，退出码为 2。
    A project is named by its folder, or its path where names meet. A folder that cannot be read is told, the others
    are still collected, and the exit code is 2.

    \b
    例 Examples:
      perfeval collect 项目/* -o 佐证.parquet
      perfeval collect "项目/*" -o 佐证.csv
      perfeval batch 佐证.parquet --indicators 指标.yaml -o 得分.parquet
    """
    from perfeval.cli._projects import project_folders

    if target != "-":
        check_file(target, "-o", (".parquet", ".csv"))
    found = project_folders(folders)
    need_libraries("python", target.lower().endswith(".parquet"))
    return _collected(found, target, output)


def _collected(folders: Sequence[str], target: str, output: Output) -> int:
    from perfeval.batch.collecting import collect, write_csv, write_parquet
    from perfeval.batch.writing import outputs

    found = collect([(name, Path(folder)) for name, folder in _named(folders)])
    for folder, problems in found.problems:
        output.base = folder
        output.problems(problems)
    if not found.rows:
        return 2
    with outputs() as files:
        if target == "-":
            place = files.folder(None) / "table.csv"
            write_csv(found, place)
            output.out.append(place.read_text("utf-8"))
        else:
            write = write_parquet if target.lower().endswith(".parquet") else write_csv
            write(found, files.new(Path(target)))
            files.publish()
            output.remark(
                output.pick(
                    f"已写入 {target}：{len(found.rows)} 个项目，{len(found.columns)} 列佐证。",
                    f"Written to {target}: {len(found.rows)} projects, {len(found.columns)} columns of evidence.",
                )
            )
    return 2 if found.failed else 0


def _named(folders: Sequence[str]) -> list[tuple[str, str]]:
    """Each folder with the name of its project: its own, or as much of its path as tells it apart."""
    from collections import Counter

    from perfeval.cli._projects import shown_folders

    shown = shown_folders(folders, Path.cwd())
    names = {folder: Path(folder).resolve().name or folder for folder in folders}
    count = Counter(names.values())
    return [(names[folder] if count[names[folder]] == 1 else shown[folder], folder) for folder in folders]
