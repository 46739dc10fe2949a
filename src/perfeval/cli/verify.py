"""verify: is a sealed project as it was, and does its score still come out?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli._shown import escaped
from perfeval.cli.output import MAYBE_A_FOLDER, Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from perfeval.problems import Problem
    from perfeval.sealing import Verified


@dataclass
class Outcome:
    """What became of one folder. `verified` is None where it could not be looked at; `failure` where the system is why."""

    folder: Path
    verified: Verified | None
    problems: tuple[Problem, ...] = ()
    failure: OSError | None = None

    @property
    def code(self) -> int:
        if self.failure is not None:
            return 3
        return 2 if self.verified is None else int(not self.verified.same)


@command_with("核验封存 verify a sealed project")
@click.argument("folders", nargs=-1, required=True, type=MAYBE_A_FOLDER)
@click.option("--fingerprint", metavar="HEX", help="封存时记下的校验值 The fingerprint as it was written down.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 Output format.")
def command(folders: tuple[Path, ...], fingerprint: str | None, form: str, output: Output) -> int:
    """核验封存过的项目：逐个文件比对，重新打分，指出每一处不同。

    Compare every file of a sealed project with its seal, score it again, and name what differs.
    Exit code 1 where something differs, 2 where a folder is not sealed, 3 where the system does not let it be read.

    \b
    例 Examples:
      perfeval verify 我的项目
      perfeval verify 我的项目 --fingerprint 3f5a…    抄在会议纪要里的校验值 as written in the minutes
      perfeval verify 项目/*

    \b
    签名由 ssh-keygen 核验 A signature is verified by ssh-keygen:
      ssh-keygen -Y verify -f allowed_signers -I 姓名 -n perfeval -s seal.json.sig < seal.json
    """
    from perfeval.cli._system import system_error

    wanted = _wanted(fingerprint, folders)
    results = [_verified(folder, wanted) for folder in folders]
    for one in results:
        output.base = str(one.folder)
        output.problems(one.problems)
        if one.failure is not None:
            output.err.append(escaped(output.pick(*system_error(one.failure))) + "\n")
    if form == "json":
        _as_json(results, output)
    else:
        _as_text(results, output)
    return max(one.code for one in results)


def _wanted(given: str | None, folders: tuple[Path, ...]) -> str:
    if given is None:
        return ""
    plain = re.sub(r"\s", "", given).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise Wrong(
            "--fingerprint 要 64 位十六进制数，即 seal 印出的校验值。", "--fingerprint takes the 64 hexadecimal digits that seal printed."
        )
    if len(folders) > 1:
        raise Wrong("--fingerprint 只能用于一个文件夹。", "--fingerprint goes with one folder.")
    return plain


def _verified(folder: Path, wanted: str) -> Outcome:
    """A folder that cannot be looked at does not stop the others."""
    from perfeval.problems import ProblemsFound
    from perfeval.sealing import verify

    try:
        verified = verify(folder, wanted)
    except ProblemsFound as found:
        return Outcome(folder, None, found.problems)
    except OSError as error:
        return Outcome(folder, None, failure=error)
    return Outcome(folder, verified, verified.problems)


def _as_text(results: list[Outcome], output: Output) -> None:
    from perfeval.sealing import SIGNATURE

    for one in results:
        line = f"{escaped(str(one.folder))}{output.pick('：', ': ')}"
        if one.verified is None:
            output.result(line + output.pick("不能核验，见上", "cannot be verified, see above"))
        elif not one.verified.same:
            count = sum(problem.is_error for problem in one.problems)
            output.result(line + output.pick(f"与封存时不一致，{count} 处，见上", f"differs from its seal in {count} places, see above"))
        elif one.verified.seal is not None:
            sealed = one.verified.seal
            output.remark(
                line
                + output.pick(
                    f"与封存时一致（{len(sealed.files)} 个文件；总分 {sealed.result.shown}，{sealed.result.grade or '—'}）",
                    f"as it was sealed ({len(sealed.files)} files; total {sealed.result.shown}, {sealed.result.grade or '—'})",
                )
            )
            output.remark(output.pick("校验值 ", "Fingerprint ") + one.verified.fingerprint)
        if one.verified is not None and (one.folder / SIGNATURE).is_file():
            output.remark(
                output.pick(
                    f"{SIGNATURE} 没有核验，请用 ssh-keygen -Y verify。", f"{SIGNATURE} was not verified: ssh-keygen -Y verify does."
                )
            )


def _as_json(results: list[Outcome], output: Output) -> None:
    from json import dumps

    from perfeval.cli._problems import as_json

    told = [
        {
            "folder": str(one.folder),
            "outcome": ("same", "differs", "failed", "failed")[one.code],
            "fingerprint": one.verified.fingerprint if one.verified else None,
            "program": one.verified.seal.program if one.verified and one.verified.seal else None,
            "files": len(one.verified.seal.files) if one.verified and one.verified.seal else None,
            "problems": as_json(one.problems, output.lang),
        }
        for one in results
    ]
    output.data(dumps({"projects": told}, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
