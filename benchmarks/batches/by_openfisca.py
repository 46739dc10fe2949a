"""The example's tree for OpenFisca-core, one variable for each input, leaf and parent: `by_openfisca.py EVIDENCE SCORES`."""

from __future__ import annotations

import sys

import numpy as np
import polars as pl
from by_hand import CHECKLISTS, FIRST, SECOND
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2023-01"
PROJECT = build_entity(key="project", plural="projects", label="a project", is_person=True)
NUMBERS = [
    *("计划投入资金", "实际到位资金", "实际支出资金", "帮扶开展率", "困难职工建档人员救助率", "困难职工建档合格率", "帮扶资金发放合规率"),
    *("帮扶人数", "问卷份数", "问卷得分", "政策知晓情况/parts/工作人员", "政策知晓情况/parts/帮扶对象", "可持续影响/points"),
]
ANSWERS = [f"{leaf}/checklist/{key}" for leaf, items in CHECKLISTS.items() for key in items]
ANSWERS += ["资金使用合规性/checklist/procedure", "资金使用合规性/checklist/purpose", "资金使用合规性/veto/misuse"]
TIERS = ["显著", "较好", "一般", "未发挥"]


def variable(name: str, kind: type, formula=None) -> type[Variable]:
    content = {"value_type": kind, "entity": PROJECT, "definition_period": periods.DateUnit.MONTH, "label": name}
    if formula is not None:
        content["formula"] = formula
    return type(name, (Variable,), content)


def checklist(leaf: str, items: dict[str, float]):
    def formula(project, period):
        return sum(project(f"{leaf}/checklist/{key}", period) * points for key, points in items.items())

    return formula


def linear(above: str, below: str, weight: float):
    def formula(project, period):
        ratio = project(above, period) / project(below, period)
        return np.round(np.clip((ratio - 0.7) / 0.3 * weight, 0, weight), 2)

    return formula


def bands(*rates: str):
    def formula(project, period):
        values = [project(rate, period) for rate in rates]
        return sum(np.select([value >= 100, value >= 90, value >= 70], [5.0, 3.0, 1.0], 0.0) for value in values)

    return formula


def added(names: list[str]):
    def formula(project, period):
        return sum(project(name, period) for name in names)

    return formula


def compliant(project, period):
    given = 2 * project("资金使用合规性/checklist/procedure", period) + 2 * project("资金使用合规性/checklist/purpose", period)
    return np.where(project("资金使用合规性/veto/misuse", period), 0, given)


def lasting(project, period):
    tier = project("可持续影响/tier", period)
    return np.select([tier == 0, tier == 1, tier == 2], [5.0, 4.0, project("可持续影响/points", period)], 0.0)


def satisfied(project, period):
    rate = project("问卷得分", period) / (project("问卷份数", period) * 90)
    return 14 - np.clip(np.floor((0.9 - rate) / 0.1), 0, 14)


def system() -> TaxBenefitSystem:
    found = TaxBenefitSystem([PROJECT])
    for name in NUMBERS:
        found.add_variable(variable(name, float))
    for name in ANSWERS:
        found.add_variable(variable(name, bool))
    found.add_variable(variable("可持续影响/tier", int))
    formulas = {leaf: checklist(leaf, items) for leaf, items in CHECKLISTS.items()} | {
        "资金到位率": linear("实际到位资金", "计划投入资金", 2),
        "预算执行率": linear("实际支出资金", "实际到位资金", 2),
        "资金使用合规性": compliant,
        "帮扶工作完成情况": bands("帮扶开展率", "困难职工建档人员救助率"),
        "质量达标情况": bands("困难职工建档合格率", "帮扶资金发放合规率"),
        "帮扶职工数量": lambda project, period: np.clip(project("帮扶人数", period), 0, 10),
        "政策知晓情况": added(["政策知晓情况/parts/工作人员", "政策知晓情况/parts/帮扶对象"]),
        "可持续影响": lasting,
        "职工满意度": satisfied,
    }
    formulas |= {parent: added(names) for parent, names in (SECOND | FIRST).items()} | {"total": added(list(FIRST))}
    for name, formula in formulas.items():
        found.add_variable(variable(name, float, formula))
    return found


def main(evidence: str, scores: str) -> None:
    frame = pl.read_parquet(evidence)
    simulation = SimulationBuilder().build_default_simulation(system(), count=len(frame))
    for name in NUMBERS:
        simulation.set_input(name, PERIOD, frame[name].cast(pl.Float64).to_numpy())
    for name in ANSWERS:
        simulation.set_input(name, PERIOD, frame[name].to_numpy())
    simulation.set_input("可持续影响/tier", PERIOD, frame["可持续影响/tier"].replace_strict(TIERS, range(4)).to_numpy())
    leaves = [*CHECKLISTS, "资金到位率", "预算执行率", "资金使用合规性", "帮扶工作完成情况", "质量达标情况", "帮扶职工数量"]
    names = [*leaves, "政策知晓情况", "可持续影响", "职工满意度", *SECOND, *FIRST, "total"]
    found = {name: simulation.calculate(name, PERIOD) for name in names}
    total = found["total"]
    grade = np.select([total >= 90, total >= 80, total >= 60], ["优", "良", "中"], "差")
    pl.DataFrame({"project": frame["project"], **found, "grade": grade}).write_parquet(scores)


if __name__ == "__main__":
    main(*sys.argv[1:])
