"""seal: a manifest of everything that a score rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import PROJECT_FOLDER, Output
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from perfeval.sealing import Seal


@command_with("封存 seal what a score rests on")
@click.argument("folder", default=".", type=PROJECT_FOLDER)
@click.option("--replace", is_flag=True, help="已封存、又有改动的，重新封存 Seal anew what has changed since.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 Output format.")
def command(folder: Path, replace: bool, form: str, output: Output) -> int:
    """封存一个已打分、已写报告的项目：把每个文件的校验值、内置规则、程序版本和结果写进 seal.json。

    Seal a project that has been scored: the hash of every file, the built-in rules, the program's version and the result
    go into seal.json. `perfeval verify` then finds any bit that was changed, and recomputes the score.

    \b
    印出的校验值（seal.json 的 SHA-256）请抄进会议纪要或签字页：有了它，谁重新封存过也能看出来。
    Write the printed fingerprint (the SHA-256 of seal.json) down where it is signed: it shows if anyone sealed anew.

    \b
    也可以签名 Or sign it, with OpenSSH 8.1 or newer:
      ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n perfeval 我的项目/seal.json
    签名写在 seal.json.sig，不参加封存 The signature stays beside the seal, outside it.

    \b
    例 Examples:
      perfeval score 我的项目
      perfeval seal 我的项目
      perfeval seal 我的项目 --replace          改动是有意的 the changes are meant
    """
    from perfeval.reading.project_folder import check_project_folder
    from perfeval.reports.files import clear, clear_file, write_file
    from perfeval.sealing import NAME, seal
    from perfeval.sealing.manifest import fingerprint, render

    output.base = str(folder)
    check_project_folder(folder)  # before anything is swept there
    clear_file(folder / NAME)
    clear(folder / "reports")
    made, result = seal(folder, replace)
    output.problems(result.notes)
    data = render(made)
    write_file(folder / NAME, data)
    _tell(folder, made, fingerprint(data), form, output)
    return 0


def _tell(folder: Path, made: Seal, mark: str, form: str, output: Output) -> None:
    from perfeval.sealing import NAME, SIGNATURE

    result = made.result
    if form == "json":
        from json import dumps

        told = {"file": NAME, "fingerprint": mark, "files": len(made.files), "total": result.total, "grade": result.grade}
        output.data(dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        return
    total, grade = result.shown, result.grade or "—"
    output.remark(
        output.pick(
            f"已封存 {len(made.files)} 个文件（总分 {total}，{grade}），写入 {folder / NAME}",
            f"{len(made.files)} files sealed (total {total}, {grade}), written to {folder / NAME}",
        )
    )
    output.result(output.pick("校验值 ", "Fingerprint ") + mark)
    if (folder / SIGNATURE).exists():
        output.remark(
            output.pick(
                f"{SIGNATURE} 是以前的签名，请重新签。", f"{SIGNATURE} is from an earlier seal unless nothing has changed: sign again."
            )
        )
