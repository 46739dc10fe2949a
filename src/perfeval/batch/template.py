"""What columns a tree asks for: as the head of a CSV file, as a table for people, as a JSON Schema of one row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from json import dumps
from typing import Any

from perfeval.batch.plan import Plan
from perfeval.batch.reasons import ends_of
from perfeval.ir.columns import Column
from perfeval.quantity import REASON_WANTED, show_decimal
from perfeval.reading.evidence_table import TEMPLATE_IDS
from perfeval.reading.formulas import safe

ID = "project"
_TEXT = ("文本", "text")
_NUMBER = r"^[+-]?[0-9]{1,15}"


def as_csv(plan: Plan) -> str:
    """Three lines: the names, then types and what is to be filled in; `batch` takes neither of the two for a project."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    columns = plan.columns.values()
    writer.writerow([ID, *(safe(column.key) for column in columns)])
    writer.writerow([TEMPLATE_IDS[0], *(_type_in_both(column) for column in columns)])
    writer.writerow([TEMPLATE_IDS[1], *(safe(_holds(column)) for column in columns)])
    return stream.getvalue()


def lines(plan: Plan, lang: str) -> Iterator[tuple[str, str, str, str]]:
    """Of each column: its name, its type, what it holds, and what it is in words."""
    at = 0 if lang == "zh" else 1
    yield (ID, _TEXT[at], "", ("项目的名称，不重复", "the project's name, unique")[at])
    for key, column in plan.columns.items():
        ask = plan.program.program.asks.get(key)
        optional = ("，可以没有这一列", "; the column may be absent")[at] if column.absent is not None else ""
        yield (key, _type(column)[at], _holds(column), (ask.text if ask else "") + optional)


def as_schema(plan: Plan) -> str:
    """A JSON Schema of one row whose cells are texts, as in a CSV file; numbers and booleans will do as well."""
    properties: dict[str, Any] = {ID: {"type": ["string", "integer"], "minLength": 1}}
    for key, column in plan.columns.items():
        properties[key] = {"anyOf": [*_cell(column), {"type": "null"}], "title": _title(plan, key)}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": plan.rules.indicators.tree.title or plan.rules.indicators.tree.id,
        "type": "object",
        "properties": properties,
        "required": [ID, *(key for key, column in plan.columns.items() if column.absent is None)],
        "additionalProperties": False,
    }
    return dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _title(plan: Plan, key: str) -> str:
    ask = plan.program.program.asks.get(key)
    return ask.text if ask and ask.text else key


def _type(column: Column) -> tuple[str, str]:
    match column.form:
        case "yes_no":
            return ("是否", "yes/no") if column.absent is None else _TEXT
        case "tier":
            return ("等次", "tier")
        case "date":
            return ("日期", "date")
    return (f"小数 {column.places} 位", f"decimal({column.places})") if column.places else ("整数", "integer")


def _type_in_both(column: Column) -> str:
    """In the cell of a reason it is none: whoever fills in the row may leave it."""
    zh, en = _type(column)
    return f"{zh} {en}" if column.absent is None else REASON_WANTED[0]


def _holds(column: Column) -> str:
    match column.form:
        case "yes_no":
            return "是/否" if column.absent is None else REASON_WANTED[1]
        case "tier":
            return " / ".join(column.choices)
    return ends_of(column)


def _cell(column: Column) -> list[dict[str, Any]]:
    match column.form:
        case "yes_no" if column.absent is not None:
            return [{"enum": [False, 0]}, {"type": "string"}]
        case "yes_no":
            return [{"type": "boolean"}, {"enum": [0, 1]}, {"type": "string"}]
        case "tier":
            return [{"enum": list(column.choices)}]
        case "date":
            return [{"type": "string", "format": "date"}]
    low, high = (column.value(end) / column.scale for end in (column.low, column.high))
    unit = f"( ?{column.symbol})?" if column.is_rate else ""
    text = {"type": "string", "pattern": rf"{_NUMBER}(\.[0-9]{{1,18}})?{unit}$"}
    step = {"type": "integer"} if not column.places else {"type": "number"}
    return [text, {**step, "description": f"{show_decimal(low)}～{show_decimal(high)} {column.symbol}".rstrip()}]
