"""explain: why a score is what it is, down to the values and where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import MAYBE_A_FOLDER, PROJECT_FOLDER, Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfeval.model.result import Indicator, Result
    from perfeval.model.tree import Tree


@command_with("说明为什么是这个分 tell why a score is what it is")
@click.argument("folder", type=MAYBE_A_FOLDER)
@click.argument("node", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 Output format.")
@click.option("--partial", is_flag=True, help="佐证还没收齐时也说明已有的 Explain what can be scored.")
@click.option("--indicators", "rules", metavar="FILE", help="FOLDER 是 batch 的表时：用这套指标 For a table of batch: its indicators.")
@click.option("--project", "name", metavar="ID", help="FOLDER 是 batch 的表时：哪个项目 For a table of batch: which project.")
@click.option("--id", "id_name", metavar="COLUMN", help="哪一列是项目名称 The column that names projects.")
def command(
    folder: Path,
    node: str | None,
    form: str,
    partial: bool,
    rules: str | None,
    name: str | None,
    id_name: str | None,
    output: Output,
) -> None:
    """说明得分的由来：看了哪个量，代入哪些数，命中哪一档，扣了多少，为什么，出处在哪里。

    Tell where a score comes from: the quantity, its numbers, the band that was hit, what was lost and why, the source.
    NODE is an indicator's id, or names from the end of its path joined by "/". Without it: all that lost points.

    \b
    例 Examples:
      perfeval explain 我的项目                     所有扣了分的指标 all that lost points
      perfeval explain 我的项目 预算执行率
      perfeval explain 我的项目 产出/产出数量       一个上级指标及其下级 a parent and what is below it
      perfeval explain 我的项目 预算执行率 --format json
      perfeval explain 佐证.parquet --indicators 指标.yaml --project 甲   batch 的一行 a row of batch
    """
    tree, result = _scored(folder, rules, name, id_name, partial, output)
    output.problems(result.notes)
    chosen = _chosen(tree, result, node)
    if form == "json":
        output.data(_json(chosen))
        return
    for one in chosen:
        for line in _told(one, output):
            output.result(line)
        output.result("")
    if node is None:
        import shlex

        given = (("--indicators", rules), ("--project", name), ("--id", id_name))
        table = "".join(f" {option} {shlex.quote(word)}" for option, word in given if word is not None)
        again = f"perfeval explain {shlex.quote(str(folder))}{table}{' --partial' if partial else ''}"
        lost = output.pick(
            f"以上是扣了分的指标（{len(chosen)} 个）。看别的：{again} 指标名称",
            f"These lost points ({len(chosen)}). For another: {again} NAME",
        )
        output.remark(lost if chosen else output.pick("没有扣分的指标。", "No indicator lost points."))


def _scored(folder: Path, rules: str | None, name: str | None, id_name: str | None, partial: bool, output: Output) -> tuple[Tree, Result]:
    """Of the folder, or of the row of a table as if it were one."""
    if rules is None and name is None:
        if id_name is not None:
            raise Wrong("--id 与 --indicators、--project 同用。", "--id goes with --indicators and --project.")
        if _is_table(folder):
            raise Wrong(
                f"「{folder}」不是项目文件夹。要说明表里的一行，加 --indicators 指标 --project 项目名称。",
                f"“{folder}” is not a project folder. To explain a row of a table add --indicators FILE --project ID.",
            )
        from perfeval.scoring import open_project, score

        folder = PROJECT_FOLDER.convert(folder, None, None)
        output.base = str(folder)
        project = open_project(folder, partial)
        return project.tree, score(project, partial=partial)
    if rules is None or name is None:
        raise Wrong(
            "要说明表里的一行，--indicators 和 --project 都要写。", "To explain a row of a table give both --indicators and --project."
        )
    from perfeval.batch.row import project_of
    from perfeval.cli._tables import need_libraries
    from perfeval.ir.columns import BLANKS
    from perfeval.reading.rule_sources import read_rules

    need_libraries("python", folder.suffix.lower() != ".csv" or not folder.is_file())
    row = project_of(str(folder), read_rules(rules, None, Path.cwd()), name.strip(BLANKS), id_name)
    if row is None:
        raise Wrong(f"「{folder}」里没有项目「{name}」。", f"“{folder}” has no project “{name}”.")
    return row.folder.tree, row.score(partial)


def _is_table(path: Path) -> bool:
    """A file, or a folder of Parquet files that is no project."""
    if path.is_file():
        return path.name != "project.yaml"
    return path.is_dir() and not (path / "project.yaml").exists() and next(path.rglob("*.parquet"), None) is not None


def _chosen(tree: Tree, result: Result, node: str | None) -> list[Indicator]:
    """The indicator asked for, with all below it; else the leaves that lost points or are not scored yet."""
    from perfeval.lowering.nodes import NodeIndex
    from perfeval.problems import Problem

    if node is None:
        return [one for one in result.leaves if one.lost > 0 or one.status == "pending"]
    found = NodeIndex(tree).find(node.strip())
    if isinstance(found, Problem):
        if found.kind.name == "unknown-node":
            known = [one.path[-1] for one in result.leaves][:5]
            more = len(result.leaves) > len(known)
            zh, en = "、".join(known) + ("……" if more else ""), ", ".join(known) + (", …" if more else "")
            raise Wrong(f"{found.message('zh')}有的如：{zh}。", f"{found.message('en')} There are: {en}".rstrip(".") + ".")
        raise Wrong(found.message("zh"), found.message("en"))
    top = tuple(each.key for each in found[1])
    return [one for one in result.indicators if one.ref[: len(top)] == top]


def _told(one: Indicator, output: Output) -> Iterator[str]:
    from perfeval.cli._shown import escaped
    from perfeval.explaining import explain, why_lost
    from perfeval.quantity import show_decimal, show_rate, show_short

    weight = show_short(one.weight, 4)
    if one.applicable != one.weight:
        weight += output.pick(f"（适用 {show_short(one.applicable, 4)}）", f" ({show_short(one.applicable, 4)} apply)")
    if one.status == "pending":
        got = output.pick(
            f"待定，{show_short(one.low, 4)}～{show_short(one.high, 4)} / {weight} 分",
            f"pending, {show_short(one.low, 4)}～{show_short(one.high, 4)} of {weight} points",
        )
    elif one.score is None:
        got = output.pick("不适用", "not applicable")
    else:
        points = show_short(one.score, 4, [0, one.applicable])
        rate = "" if one.rate is None else output.pick(f"　得分率 {show_rate(one.rate)}", f"  rate {show_rate(one.rate)}")
        got = output.pick(f"{points} / {weight} 分", f"{points} of {weight} points") + rate
    yield escaped(" / ".join(one.path)) + output.pick("　", "  ") + got
    if not one.is_leaf:
        return
    labelled = [
        (output.pick("评分标准", "Rule"), one.standard.get(output.lang, "")),
        (output.pick("目标值", "Target"), one.target),
        (output.pick("完成值", "Actual"), one.actual),
    ]
    yield from _lines(labelled, output)
    if steps := explain(one, output.lang):
        yield output.pick("  得分过程：", "  Steps:")
        yield from ("    " + escaped(line) for line in steps)
    if one.exact is not None and one.score is not None and one.exact != one.score:
        exact = show_decimal(one.exact)
        yield "  " + output.pick(f"舍入：{exact} → {show_decimal(one.score)}", f"rounded: {exact} → {show_decimal(one.score)}")
    if one.lost:
        yield "  " + output.pick(f"扣 {show_decimal(one.lost)} 分", f"{show_decimal(one.lost)} points lost")
    comma = output.pick("、", "; ")
    why = output.pick("；", "; ").join(why_lost(one, output.lang)) if one.lost else one.reason
    yield from _lines(
        [
            (output.pick("扣分原因", "Reason"), why or (output.pick("（没有写）", "(none given)") if one.reason_missing else "")),
            (output.pick("缺", "Missing"), comma.join(one.missing)),
            (output.pick("不适用的原因", "Does not apply"), one.not_applicable),
            *((output.pick(f"「{item}」不适用", f"“{item}” does not apply"), reason) for item, reason in one.not_applicable_items),
            (output.pick("评价情况", "Finding"), one.finding),
            (output.pick("资料", "Sources"), comma.join(one.sources)),
            (output.pick("取数", "Values"), comma.join(f"{value.name} {value.place}" for value in one.used if value.place)),
        ],
        output,
    )


def _lines(labelled: list[tuple[str, str]], output: Output) -> Iterator[str]:
    from perfeval.cli._shown import escaped

    for label, text in labelled:
        if text:
            yield f"  {label}{output.pick('：', ': ')}{escaped(text)}"


def _json(chosen: list[Indicator]) -> str:
    """The entries of result.json, each with the sentences of both languages."""
    from json import dumps

    from perfeval.explaining import explain
    from perfeval.reports.result_json import entry

    told = [{**entry(one), "explanation": {lang: list(explain(one, lang)) for lang in ("zh", "en")}} for one in chosen]
    return dumps({"indicators": told}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
