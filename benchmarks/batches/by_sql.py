"""The example's tree as SQL that one writes who has only this tree: no cell is checked, nothing is kept exact on purpose.

`by_sql.py EVIDENCE SCORES` runs it on DuckDB, from a Parquet file to a Parquet file.
"""

from __future__ import annotations

import sys

from by_hand import CHECKLISTS, FIRST, SECOND


class ByHand:
    """The text of a query: as SQL is written, where `0.7` is a decimal, or in floats, as `by_hand.py` has it for Polars."""

    def __init__(self, dialect: str, table: str, floats: bool) -> None:
        self.mark = '"' if dialect == "duckdb" else "`"
        self.materialized = " NOT MATERIALIZED" if dialect == "duckdb" else ""
        self.table, self.floats = table, floats

    def name(self, name: str) -> str:
        return f"{self.mark}{name}{self.mark}"

    def cell(self, name: str) -> str:
        return f"CAST({self.name(name)} AS DOUBLE)" if self.floats else self.name(name)

    def number(self, text: str) -> str:
        return f"{text}e0" if self.floats else text

    def checklist(self, leaf: str, items: dict[str, float]) -> str:
        return " + ".join(
            f"CASE WHEN {self.name(f'{leaf}/checklist/{key}')} THEN {self.number(str(points))} ELSE 0 END" for key, points in items.items()
        )

    def linear(self, above: str, below: str) -> str:
        rate = f"({self.cell(above)} / {self.cell(below)} - {self.number('0.7')}) / {self.number('0.3')} * {self.number('2.0')}"
        return f"ROUND(LEAST(GREATEST({rate}, 0), {self.number('2.0')}), 2)"

    def bands(self, *rates: str) -> str:
        return " + ".join(
            f"CASE WHEN {self.cell(rate)} >= 100 THEN {self.number('5.0')} WHEN {self.cell(rate)} >= 90 THEN {self.number('3.0')} "
            f"WHEN {self.cell(rate)} >= 70 THEN {self.number('1.0')} ELSE 0 END"
            for rate in rates
        )

    def leaves(self) -> dict[str, str]:
        tier = self.name("可持续影响/tier")
        share = f"{self.cell('问卷得分')} / ({self.cell('问卷份数')} * 90)"
        return {
            **{leaf: self.checklist(leaf, items) for leaf, items in CHECKLISTS.items()},
            "资金到位率": self.linear("实际到位资金", "计划投入资金"),
            "预算执行率": self.linear("实际支出资金", "实际到位资金"),
            "资金使用合规性": f"CASE WHEN {self.name('资金使用合规性/veto/misuse')} THEN 0 ELSE "
            f"{self.checklist('资金使用合规性', {'procedure': 2.0, 'purpose': 2.0})} END",
            "帮扶工作完成情况": self.bands("帮扶开展率", "困难职工建档人员救助率"),
            "质量达标情况": self.bands("困难职工建档合格率", "帮扶资金发放合规率"),
            "帮扶职工数量": f"LEAST(GREATEST({self.cell('帮扶人数')}, 0), 10)",
            "政策知晓情况": f"{self.cell('政策知晓情况/parts/工作人员')} + {self.cell('政策知晓情况/parts/帮扶对象')}",
            "可持续影响": f"CASE {tier} WHEN '显著' THEN 5 WHEN '较好' THEN 4 WHEN '一般' THEN {self.cell('可持续影响/points')} ELSE 0 END",
            "职工满意度": f"14 - LEAST(GREATEST(FLOOR(({self.number('0.9')} - {share}) / {self.number('0.1')}), 0), 14)",
        }

    def text(self) -> str:
        def added(groups: dict[str, list[str]]) -> str:
            return ", ".join(f"{' + '.join(map(self.name, names))} AS {self.name(parent)}" for parent, names in groups.items())

        leaves = ", ".join(f"{expression} AS {self.name(leaf)}" for leaf, expression in self.leaves().items())
        steps = [
            f"SELECT {self.name('project')}, {leaves} FROM {self.table}",
            f"SELECT *, {added(SECOND)} FROM step_0",
            f"SELECT *, {added(FIRST)} FROM step_1",
            f"SELECT *, ROUND({' + '.join(map(self.name, FIRST))}, 2) AS total FROM step_2",
        ]
        named = ", ".join(f"step_{at} AS{self.materialized} ({step})" for at, step in enumerate(steps))
        return f"WITH {named} SELECT *, CASE WHEN total >= 90 THEN '优' WHEN total >= 80 THEN '良' WHEN total >= 60 THEN '中' ELSE '差' END AS grade FROM step_3"


def main(evidence: str, scores: str) -> None:
    import duckdb

    table = f"read_parquet('{evidence}')"
    duckdb.connect().execute(f"COPY ({ByHand('duckdb', table, floats=False).text()}) TO '{scores}' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main(*sys.argv[1:])
