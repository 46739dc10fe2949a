"""Facts as they come out, in full: value, dimension, unit, what was written, where it came from, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from in_full import in_full
from perfeval.model.evidence import Evidence, FactValue
from perfeval.model.tree import QuantityOf
from perfeval.quantity import show_decimal, show_dimension
from perfeval.reading.facts import FactReader
from perfeval.reading.positions import Sources, build_model
from perfeval.reading.tables import Table, table_from
from perfeval.reading.yaml_subset import read_yaml

TABLE = """\
编号,类,额,支出,日期,比率,空
001,甲,1.5,2万元,2023-01-31,90%,
002,乙,２,1.5万元,2023-03-01,0.8,
003, 甲 ,4,3人,2023-02-01,95%,待补充
"""
WHOLE = "项,额\n甲,1\n合计,1\n备注：来自台账,\n"
QUANTITIES = {
    "预算": QuantityOf(unit="元"),
    "人数": QuantityOf.model_validate({"unit": "人", "from": "1人", "to": "100", "places": "0"}),
    "比率": QuantityOf.model_validate({"unit": "%", "from": "0", "places": "1"}),
    "至多": QuantityOf.model_validate({"unit": "万元", "to": "5"}),
    "坏的": QuantityOf(unit="不是单位"),
    "坏界": QuantityOf.model_validate({"unit": "元", "from": "三"}),
}


def shown(fact: FactValue) -> str:
    value = "-" if fact.value is None else show_decimal(fact.value)
    unit = f"{fact.unit.symbol!r}×{show_decimal(fact.unit.scale)}" if fact.unit else "no unit"
    place = f"{fact.origin.file}:{'/'.join(map(str, fact.origin.path))}{' (key)' if fact.origin.of_key else ''}"
    parts = [value, show_dimension(fact.dimension), unit, f"text {fact.text!r}", f"from {fact.source!r}", place]
    return f"{fact.key} = {' · '.join(parts)}{' · blocked' if fact.blocked else ''}"


def read(facts: str, tables: dict[str, str]) -> list[str]:
    file = read_yaml("evidence.yaml", f"perfeval: 1\nfacts:\n{facts}".encode())
    evidence, problems = build_model(Evidence, file)
    assert evidence is not None, in_full(problems)
    read_tables = {}
    for name, text in tables.items():
        table = table_from(
            Evidence.model_validate({"perfeval": "1", "tables": {name: {"file": f"{name}.csv"}}}).tables[name], text.encode()
        )
        assert isinstance(table, Table)
        read_tables[name] = table
    found = list(file.problems)
    reader = FactReader(read_tables, frozenset({*tables, "缺"}), QUANTITIES, frozenset({"车皮"}), "evidence.yaml", found)
    sources = Sources()
    sources.add(file)
    lines = [shown(fact) for fact in reader.read(evidence.facts).values()]
    return [*lines, *in_full(sources.placed(found))]


GROUPS = {
    "typed": """\
  预算: 17.16万元
  金额: {value: "1,234.50", unit: 元, source: 财政批复}
  光数: 0.5
  比例: {value: 95, unit: "%"}
  车: 3车皮
  待: 待定
  缺数: {value: 待补充, unit: 元, source: 台账}
  横线: {value: "-", unit: 元, source: 台账}
  日: {value: 2023-05-10, source: 合同}
  是: {value: 是, source: 章程}
  有数: {value: 是, unit: 元}
  空文: " 5元 "
""",
    "typed wrong": """\
  预算: 5人
  两样: {value: 5, unit: 元, source: 账, table: 甲, sum: 额}
  没有: {source: 账}
  无表: {value: 3, sum: 额}
  有界: {value: 3, where: {类: 甲}}
  日数: {value: 2023-05-10, unit: 元}
  坏日: {value: 2023-13-10}
  单位: {value: 5, unit: 没有的单位}
  坏的: 5
  坏界: 5元
  人数: {value: 5, unit: 元}
  数字: 5x
""",
    "ranges": """\
  人数: 100人
  比率: 99.9%
  至多: 5万元
""",
    "out of range, above": "  人数: 101人\n  至多: 50000.01元\n  比率: -0.1%\n",
    "out of range, below": "  人数: 0\n  比率: 99.95%\n",
    "places": "  人数: 1.5人\n",
    "counted": """\
  和: {table: t, sum: 额, unit: 元, source: 台账}
  两列: {table: t, sum: [额, 编号], where: {编号: 001}}
  均: {table: t, mean: 额, unit: 万元, where: {类: 甲}}
  最小: {table: t, min: 额}
  最大: {table: t, max: 额, where: {编号: [001, 002]}}
  行: {table: t, count: rows, where: {额: {at_least: 1.5, below: 4}}}
  人: {table: t, count: rows, unit: 人}
  类: {table: t, distinct: 类}
  格: {table: t, cell: 支出, where: {编号: 002}}
  早: {table: t, min: 日期}
  晚: {table: t, max: 日期}
  日: {table: t, cell: 日期, where: {额: {exactly: 4}}}
  空: {table: t, sum: 空, blank: skip}
  空均: {table: t, mean: 空, blank: skip, unit: 元, source: 台账}
  人数: {table: t, mean: 额, where: {编号: [001, 002]}}
""",
    "chosen by nothing": """\
  行: {table: t, count: rows, where: {类: 丙}}
  和: {table: t, sum: 额, unit: 元, where: {类: [丙, 丁], 编号: 001}}
  不同: {table: t, distinct: 额, where: {额: {above: 4}}}
  最小: {table: t, min: 额, where: {类: 丙}}
""",
    "counted wrong": """\
  两种: {table: t, sum: 额, mean: 额}
  无统计: {table: t}
  有值: {table: t, sum: 额, value: 5}
  无列: {table: t, sum: []}
  重列: {table: t, mean: [额, 额]}
  无表: {table: tt, sum: 额}
  缺表: {table: 缺, sum: 额}
  列名: {table: t, max: 金额}
  条件列: {table: t, sum: 额, where: {类别: 甲}}
  单位: {table: t, count: rows, unit: 元}
  不同单位: {table: t, distinct: 额, unit: 元}
  空格: {table: t, sum: 空}
  混: {table: t, sum: 支出}
  混率: {table: t, mean: 比率}
  几行: {table: t, cell: 额}
  日和: {table: t, sum: 日期}
  日元: {table: t, min: 日期, unit: 元}
  界: {table: t, sum: 额, where: {额: {at_least: 5, at_most: 3}}}
  界空: {table: t, sum: 额, where: {空: {above: 1}}}
  界类: {table: t, sum: 额, where: {类: {above: 1}}}
""",
    "totals and remarks": """\
  和: {table: w, sum: 额}
  行: {table: w, count: rows, where: {项: [甲, '备注：来自台账']}}
  明细: {table: w, sum: 额, where: {项: 甲}}
  合计: {table: w, sum: 额, where: {项: 合计}}
  格: {table: w, cell: 额, where: {项: 合计}}
""",
    "words of the tree": """\
  任一: {table: c, count: rows, where: {数: [3.0车皮, 4车皮]}}
  一个: {table: c, count: rows, where: {数: 3.00车皮}}
  界: {table: c, sum: 数, where: {数: {at_least: 4车皮}}}
""",
    "an empty table": """\
  和: {table: e, sum: 额, unit: 元, source: 台账}
  行: {table: e, count: rows}
  格: {table: e, cell: 额}
""",
}


@pytest.mark.parametrize("group", GROUPS)
def test_facts_in_full(group: str, golden: Callable[[str, str], None]) -> None:
    lines = read(GROUPS[group], {"t": TABLE, "w": WHOLE, "e": "项,额\n", "c": "项,数\n甲,3车皮\n乙,4.0车皮\n"})
    golden(f"reading/facts {group}.txt".replace(" ", "-").replace(",", ""), "\n".join(lines) + "\n")
