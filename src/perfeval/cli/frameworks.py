"""frameworks: the built-in trees and grade scales, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from perfeval.cli.output import Output, Wrong
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = (
    ("title", "名称", "Title"),
    ("document", "文件", "Document"),
    ("date", "日期", "Date"),
    ("authority", "发布机关", "Authority"),
    ("region", "地区", "Region"),
    ("status", "状态", "Status"),
    ("verified", "是否对照过原文", "Compared with the document"),
    ("printed", "原文界限", "Bounds as printed"),
    ("notes", "说明", "Notes"),
)
_VALUES = {  # of those fields, for people who read Chinese
    "status": {"in-force": "现行有效", "superseded": "已被取代", "repealed": "已废止", "draft": "征求意见稿"},
    "verified": {"true": "已核对", "partial": "部分核对", "false": "未核对"},
}


@command_with("内置的指标体系和等级表 built-in trees and grade scales")
@click.argument("action", required=False, type=click.Choice(["list", "show"]))
@click.argument("name", metavar="[ID]", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 Output format.")
def command(action: str | None, name: str | None, form: str, output: Output) -> None:
    """列出内置的指标体系和等级表，或显示其中一个的来历。

    List the built-in trees and grade scales, or show where one comes from.

    \b
    例 Examples:
      perfeval frameworks
      perfeval frameworks show mof-2020-project
      perfeval frameworks --format json
    """
    if (action == "show") != (name is not None):
        raise Wrong("要写成 frameworks show ID。", "Write frameworks show ID.")
    trees, scales = _found()
    if name is None:
        _list(trees, scales, form, output)
        return
    told = {**scales, **trees}.get(name.removeprefix("builtin:"))
    if told is None:
        known = "、".join([*trees, *scales])
        raise Wrong(f"没有内置的「{name}」，有：{known}。", f"There is no built-in “{name}”; there are: {known.replace('、', ', ')}.")
    _show(told, form, output)


def _found() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Trees and scales by id, as plain data."""
    from perfeval.reading.library import builtin_path, builtins, scale_path, scales

    return {name: _data(builtin_path(name)) for name in builtins()}, {name: _data(scale_path(name)) for name in scales()}


def _data(path: Path) -> dict[str, Any]:
    from perfeval.reading.yaml_subset import read_yaml

    return dict(read_yaml(path.name, path.read_bytes()).plain())


def _list(trees: dict[str, dict[str, Any]], scales: dict[str, dict[str, Any]], form: str, output: Output) -> None:
    if form == "json":
        _json({"trees": list(map(_provenance, trees.values())), "grades": list(map(_provenance, scales.values()))}, output)
        return
    from perfeval.cli._shown import width

    wide = max(map(width, [*trees, *scales]))
    for head, found in (
        (output.pick("指标体系（indicators: builtin:ID）", "Trees (indicators: builtin:ID)"), trees),
        (output.pick("等级表（grades: ID）", "Grade scales (grades: ID)"), scales),
    ):
        output.result(head)
        for name, one in found.items():
            told = one.get("title", "") if "tree" in one else _bounds(one)
            output.result(f"  {name}{' ' * (wide - width(name))}  {told}  {one.get('document', '')}")
    output.remark(output.pick("来历和内容：perfeval frameworks show ID", "Provenance and contents: perfeval frameworks show ID"))


def _bounds(scale: dict[str, Any]) -> str:
    """`优 90，良 80，中 60，差 0`: lower bounds in per cent."""
    signs = {"at_least": "", "above": ">"}
    return "，".join(
        row["name"] + " " + "".join(sign + row[word] for word, sign in signs.items() if word in row) for row in scale["grades"]
    )


def _provenance(one: dict[str, Any]) -> dict[str, Any]:
    told = {"id": one["id"], **{key: one[key] for key, _, _ in _FIELDS if key in one}}
    return told if "tree" in one else {**told, "grades": one["grades"]}


def _show(one: dict[str, Any], form: str, output: Output) -> None:
    if form == "json":
        _json(one, output)
        return
    output.result(str(one["id"]))
    for key, zh, en in _FIELDS:
        if text := str(one.get(key, "")).strip():
            lines = output.pick(_VALUES.get(key, {}).get(text, text), text).splitlines()
            output.result(f"  {output.pick(zh + '：', en + ': ')}{lines[0]}")
            for line in lines[1:]:
                output.result(f"    {line}")
    if "tree" not in one:
        output.result("  " + output.pick("等级：", "Grades: ") + _bounds(one))
        return
    output.result("  " + output.pick("等级表：", "Grade scale: ") + str(one.get("grades", "")))
    output.result("")
    _outline(one["tree"], 1, output)


def _outline(nodes: Any, depth: int, output: Output) -> None:
    for node in nodes:
        rule = node.get("rule")
        kind = f"  {rule if isinstance(rule, str) else rule['kind']}" if rule else ""
        output.result(f"{'  ' * depth}{node['name']}  {node['weight']}{kind}")
        _outline(node.get("children", ()), depth + 1, output)


def _json(data: Any, output: Output) -> None:
    from json import dumps

    output.data(dumps(data, ensure_ascii=False, indent=2, sort_keys=True, default=dict) + "\n")
