"""Made evidence for the example's tree, as a bureau would have it: `evidence.py ROWS COPIES FOLDER` writes evidence.parquet and
indicators.yaml, the tree `COPIES` times side by side.

Amounts with two places, rates in per cent, counts, yes and no, tiers, judged points; most projects do well, some do badly.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import yaml

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "xiangyuan_2023" / "indicators.yaml"
CHUNK = 1_000_000
YES_NO = [
    *("立项依据充分性/checklist/policy-basis", "立项依据充分性/checklist/duty-fit", "立项程序规范性/checklist/eligible"),
    *("立项程序规范性/checklist/approval", "绩效目标合理性/checklist/reasonable", "绩效目标合理性/checklist/detailed"),
    *("绩效目标明确性/checklist/reasonable", "绩效目标明确性/checklist/detailed", "预算编制科学性/checklist/argued"),
    *("预算编制科学性/checklist/content-match", "预算编制科学性/checklist/amount-basis", "资金分配合理性/checklist/method-sound"),
    *("资金分配合理性/checklist/method-fair", "分配结果情况/checklist/procedure", "分配结果情况/checklist/result"),
    *("资金使用合规性/checklist/procedure", "资金使用合规性/checklist/purpose", "资金使用合规性/veto/misuse"),
    *("财务管理制度健全性/checklist/system", "财务管理制度健全性/checklist/accounting", "组织管理保障性/checklist/organisation"),
    *("组织管理保障性/checklist/duties", "组织管理保障性/checklist/training", "组织管理保障性/checklist/meetings"),
    *("帮扶管理制度的健全性/checklist/process", "帮扶管理制度的健全性/checklist/policy-fit", "帮扶管理制度的健全性/checklist/review"),
    *("项目执行有效性/checklist/publicity", "项目执行有效性/checklist/timely-entry", "项目执行有效性/checklist/accounts-match"),
    *("项目执行有效性/checklist/archive-system", "项目执行有效性/checklist/archive-complete"),
    *("帮扶有效性/checklist/on-time", "帮扶有效性/checklist/cause-match"),
]
RATES = ["帮扶开展率", "困难职工建档人员救助率", "困难职工建档合格率", "帮扶资金发放合规率"]
TIERS = ["显著", "较好", "一般", "未发挥"]


def decimals(whole: np.ndarray, digits: int, places: int) -> pl.Series:
    return pl.Series(whole).cast(pl.Int128).reinterpret(dtype=pl.Decimal(digits, places))


def chunk(rows: int, mark: str, chance: np.random.Generator) -> dict[str, pl.Series]:
    found: dict[str, pl.Series] = {}
    for key in YES_NO:
        found[_marked(key, mark)] = pl.Series(chance.random(rows) < (0.03 if "/veto/" in key else 0.9))
    planned = chance.integers(1_000_000, 10**11, rows)
    paid = (planned * chance.uniform(0.6, 1.05, rows)).astype(np.int64)
    spent = (paid * chance.uniform(0.6, 1.02, rows)).astype(np.int64)
    for key, whole in (("计划投入资金", planned), ("实际到位资金", paid), ("实际支出资金", spent)):
        found[key + mark] = decimals(whole, 15, 2)
    for key in RATES:
        found[key + mark] = decimals(np.minimum(10_000, chance.integers(6_000, 13_000, rows)), 6, 2)
    found["帮扶人数" + mark] = pl.Series(chance.integers(0, 40, rows).astype(np.int32))
    papers = chance.integers(10, 400, rows)
    found["问卷份数" + mark] = pl.Series(papers.astype(np.int32))
    found["问卷得分" + mark] = decimals((papers * 9000 * chance.uniform(0.5, 1, rows)).astype(np.int64), 9, 2)
    for part in ("工作人员", "帮扶对象"):
        found[_marked(f"政策知晓情况/parts/{part}", mark)] = decimals(chance.integers(0, 251, rows), 3, 2)
    tiers = pl.Series(np.array(TIERS)[chance.integers(0, 4, rows)])
    found[_marked("可持续影响/tier", mark)] = tiers
    points = decimals(chance.integers(100, 301, rows), 3, 2)  # given where the tier leaves them open
    found[_marked("可持续影响/points", mark)] = points.zip_with(tiers == "一般", pl.Series([None] * rows, dtype=points.dtype))
    return found


def _marked(key: str, mark: str) -> str:
    leaf, slash, rest = key.partition("/")
    return f"{leaf}{mark}{slash}{rest}"


def marked(tree: dict[str, object], copies: int) -> dict[str, object]:
    """The tree several times, its names and quantities marked, weighing as many times as much in all."""
    text = EXAMPLE.read_text("utf-8")
    names = sorted({*_names(yaml.safe_load(text)["tree"]), *tree["quantities"]}, key=len, reverse=True)
    total = float(tree["total"]) * copies
    found = tree | {"total": f"{total:g}", "tree": [], "quantities": {}}
    for copy in range(copies):
        own = _renamed({"tree": tree["tree"], "quantities": tree["quantities"]}, {name: f"{name}_{copy}" for name in names})
        found["tree"] += own["tree"]
        found["quantities"] |= own["quantities"]
    return found


def _names(nodes: list[dict[str, object]]) -> list[str]:
    return [one for node in nodes for one in (node["name"], node.get("id", node["name"]), *_names(node.get("children", [])))]


def _renamed(content: object, names: dict[str, str]) -> object:
    if isinstance(content, dict):
        return {names.get(key, key): _renamed(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [_renamed(one, names) for one in content]
    if isinstance(content, str):
        words = content.split(" ")
        return " ".join(_word(word, names) for word in words)
    return content


def _word(word: str, names: dict[str, str]) -> str:
    inner = word.strip("()")
    return word.replace(inner, names[inner]) if inner in names else word


def write(rows: int, copies: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tree = yaml.load(EXAMPLE.read_text("utf-8"), Loader=yaml.BaseLoader)
    wanted = tree if copies == 1 else marked(tree, copies)
    (folder / "indicators.yaml").write_text(yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False), "utf-8")
    chance = np.random.default_rng(rows * 1000 + copies)
    parts = []
    for first in range(0, rows, CHUNK):
        size = min(CHUNK, rows - first)
        found = {"project": pl.Series([f"P{number:08d}" for number in range(first, first + size)])}
        for copy in range(copies):
            found |= chunk(size, "" if copies == 1 else f"_{copy}", chance)
        part = folder / f"part-{first // CHUNK:03d}.parquet"
        pl.DataFrame(found).write_parquet(part)
        parts.append(part)
    if len(parts) == 1:
        parts[0].rename(folder / "evidence.parquet")
    else:
        pl.scan_parquet(parts).sink_parquet(folder / "evidence.parquet")
        for part in parts:
            part.unlink()


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
