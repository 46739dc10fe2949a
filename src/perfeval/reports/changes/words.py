"""Every wording of a comparison, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from perfeval.reports.words import Words as ReportWords

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # ---- the document
    "title": ("指标体系比较：{old} → {new}", "Rule sets compared: {old} → {new}"),
    "kind": ("指标体系比较", "rule sets compared"),
    "pair-of-names": ("{old} → {new}", "{old} → {new}"),
    "nothing": ("（无）", "(none)"),
    "before": ("原", "Before"),
    "after": ("新", "After"),
    "named-rules": ("{title}（{name}）", "{title} ({name})"),
    "at-commit": ("{name}，提交 {commit}", "{name}, commit {commit}"),
    "differing": ("含义不同的指标", "Indicators that differ"),
    "total-change": ("总分变化", "Change of the total"),
    "verdict": ("结论", "Verdict"),
    "differs": ("有别", "differ"),
    "same": ("相同", "same"),
    "footer": (
        "由 perfeval diff 按规则本身精确比较得出；同样的输入得到同样的文字。",
        "Made by perfeval diff, exactly, from the rules themselves; the same input gives the same text.",
    ),
    # ---- sections
    "summary": ("结论", "Verdict"),
    "leaves": ("含义不同的指标", "Indicators that mean something else"),
    "respelled": ("写法不同、含义相同的指标", "Indicators that were only spelled otherwise"),
    "others": ("其他改动", "Other changes"),
    "effects": ("对得分的影响", "What it does to scores"),
    "details": ("各项目的明细", "Project by project"),
    "wordings": ("文字改动", "Wording"),
    # ---- the verdict
    "identical": ("两套规则相同。", "The two rule sets are the same."),
    "equal": ("两套规则含义相同：任何项目的得分和等级都一样。", "The two rule sets mean the same: every score and grade comes out alike."),
    "yet-moved": (
        "比较规则没有找到含义不同之处，但下列项目的得分或等级不同（{n} 个）；以项目的得分为准。",
        "No difference was found between the rules themselves, yet projects come out otherwise ({n}); what the projects score is what counts.",
    ),
    "n-differ": ("{n} 个指标含义不同", "{n} indicators mean something else"),
    "one-differ": ("{n} 个指标含义不同", "{n} indicator means something else"),
    "n-respelled": ("{n} 个只是写法不同", "{n} only spelled otherwise"),
    "one-respelled": ("{n} 个只是写法不同", "{n} only spelled otherwise"),
    "n-added": ("新增 {n} 个指标", "{n} indicators added"),
    "one-added": ("新增 {n} 个指标", "{n} indicator added"),
    "n-removed": ("删去 {n} 个指标", "{n} indicators removed"),
    "one-removed": ("删去 {n} 个指标", "{n} indicator removed"),
    "n-others": ("另有 {n} 处改动会影响得分", "{n} other changes that can move a score"),
    "one-others": ("另有 {n} 处改动会影响得分", "{n} other change that can move a score"),
    "n-only-others": ("{n} 处改动会影响得分", "{n} changes can move a score"),
    "one-only-others": ("{n} 处改动会影响得分", "{n} change can move a score"),
    "n-wordings": ("{n} 处文字改动", "{n} changes of wording"),
    "one-wordings": ("{n} 处文字改动", "{n} change of wording"),
    "wording-hint": ("{n}（--wording 列出）", "{n} (--wording lists them)"),
    "set-added": (
        "规则集「{name}」是新增的：{title}，{n} 个末级指标，总分 {total}。",
        "The rule set “{name}” was added: {title}, {n} leaves, total {total}.",
    ),
    "set-removed": (
        "规则集「{name}」已删去：{title}，{n} 个末级指标，总分 {total}。",
        "The rule set “{name}” was removed: {title}, {n} leaves, total {total}.",
    ),
    "no-effect-of-one": ("只有一套规则，没有比较项目的得分。", "With one rule set alone no project was compared."),
    "moved": ("{name}：总分 {old} → {new}{change}", "{name}: total {old} → {new}{change}"),
    "graded": ("{total}（{grade}）", "{total} ({grade})"),
    "by": ("，{change}", ", {change}"),
    "unchanged-total": ("，不变", ", unchanged"),
    "not-compared": ("没有比较：{folder}（{n} 个错误）", "Not compared: {folder} ({n} errors)"),
    "not-compared-one": ("没有比较：{folder}（{n} 个错误）", "Not compared: {folder} ({n} error)"),
    # ---- one leaf
    "weight": ("{n} 分", "weight {n}"),
    "weights": ("{old} → {new} 分", "weight {old} → {new}"),
    "edited": ("改动", "Edited"),
    "means": ("含义", "Meaning"),
    "piecewise": ("逐段", "Piece by piece"),
    "path-step": (" › ", " › "),
    "paired-path": ("按路径配对", "paired by its path"),
    "paired-likeness": ("按相似程度 {rate} 配对：原「{old}」", "paired by likeness, {rate}: “{old}” before"),
    "change": ("{where}：{old} → {new}", "{where}: {old} → {new}"),
    "added": ("新增{where}", "{where} added"),
    "removed": ("删去{where}", "{where} removed"),
    "with-rest": ("{told}：{rest}", "{told}: {rest}"),
    "renamed": ("{where}改名：{old} → {new}", "{where} renamed: {old} → {new}"),
    "moved-node": ("移动：{old} → {new}", "moved: {old} → {new}"),
    "top": ("最上层", "the top"),
    "entry-and": ("」「", "”, “"),
    "kind-of-rule": ("{where}评分方式：{old} → {new}", "{where}kind of rule: {old} → {new}"),
    "kind-told": ("{name} {kind}", "{name}"),
    "open-range": ("{low}～{high}（不含）", "{low} to below {high}"),
    "point-value": ("完成值", "value"),
    "point-points": ("得分", "points"),
    "absent": ("（未写）", "(not said)"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    # ---- what it means
    "other-parent": ("规则没有变，所在的上级不同", "the rule is the same, below another parent"),
    "other-weight": ("得分不变，占的分值不同", "the points are the same, of another weight"),
    "other-key": ("佐证要用新的名字提供", "evidence is given under the new name"),
    "answer-alone": ("答“{answer}”", "“{answer}”"),
    "no-bound": ("不限", "any number of points"),
    "measured": ("「{old}」的算法不同", "“{old}” is computed otherwise"),
    "measured-as": ("原来看「{old}」，现在看「{new}」", "looks at “{new}” instead of “{old}”"),
    "read-as": ("不带单位的「{name}」原按「{old}」读，现按「{new}」读", "“{name}” without a unit was read as {old}, now as {new}"),
    "asked-old": ("不再要「{name}」", "“{name}” is asked for no more"),
    "asked-new": ("新规则还要「{name}」", "the new rule also asks for “{name}”"),
    "bare": ("纯数", "a plain number"),
    "alone-old": ("部分「{part}」（至多 {most}）不再有", "the part “{part}” (at most {most}) is gone"),
    "alone-new": ("新有部分「{part}」（至多 {most}）", "the part “{part}” (at most {most}) is new"),
    "alone-old-bare": ("部分「{part}」不再有", "the part “{part}” is gone"),
    "alone-new-bare": ("新有部分「{part}」", "the part “{part}” is new"),
    "deducts-old": ("不再按「{part}」扣分", "nothing is taken off for “{part}” any more"),
    "deducts-new": ("新增按「{part}」扣分", "points are now taken off for “{part}”"),
    "replaced": (
        "部分「{part}」看的东西不同：原来至多 {old}，现在至多 {new}",
        "the part “{part}” looks at something else: at most {old} before, {new} now",
    ),
    "of-part": ("「{part}」：{told}", "“{part}”: {told}"),
    "variable": ("（x 为「{name}」）", " (x: “{name}”)"),
    "if": ("若{given}：{told}", "if {given}: {told}"),
    "given": ("「{name}」为{answer}", "“{name}” is {answer}"),
    "unasked": ("{old} → {new}", "{old} → {new}"),
    "answered": ("{given}时，{old} → {new}", "{given}: {old} → {new}"),
    "no-points": ("没有得分", "no score"),
    "listed": ("，", ", "),
    "node-added": ("新增指标：{name}（{weight}）", "indicator added: {name} ({weight})"),
    "node-removed": ("删去指标：{name}（{weight}）", "indicator removed: {name} ({weight})"),
    "unproven": ("不能证明相同；试过的数值没有发现差别", "not proved equal; no value that was tried shows a difference"),
    "n-more-answers": ("另有 {n} 种回答也不同", "{n} more combinations of answers differ"),
    "one-more-answers": ("另有 {n} 种回答也不同", "{n} more combination of answers differs"),
    "n-more-alike": ("另有 {n} 种回答也一样", "the same for {n} more combinations of answers"),
    "one-more-alike": ("另有 {n} 种回答也一样", "the same for {n} more combination of answers"),
    "n-more-cases": ("另有 {n} 种情形", "{n} more cases"),
    "one-more-cases": ("另有 {n} 种情形", "{n} more case"),
    "unchanged": ("{where} 不变", "unchanged for {where}"),
    "where": ("{where} 时{told}", "{told} for {where}"),
    "everywhere": ("任何值都{told}", "{told} for any value"),
    "anywhere": ("任何值", "any value"),
    "but-places": ("（个别点除外）", " (but for single places)"),
    "more-exactly": ("多得 {n}", "{n} more"),
    "less-exactly": ("少得 {n}", "{n} less"),
    "more-up-to": ("多得至多 {n}", "up to {n} more"),
    "less-up-to": ("少得至多 {n}", "up to {n} less"),
    "more-between": ("多得 {low}～{high}", "{low} to {high} more"),
    "less-between": ("少得 {low}～{high}", "{low} to {high} less"),
    "both-ways": ("少得至多 {less}，多得至多 {more}", "up to {less} less, up to {more} more"),
    "other-points": ("得分不同", "other points"),
    "more": ("多得", "more"),
    "less": ("少得", "less"),
    "old-silent": ("原规则没有给出得分", "the old rule gives no score"),
    "new-silent": ("新规则没有给出得分", "the new rule gives no score"),
    "piece": ("{where}：{old} → {new}", "{where}: {old} → {new}"),
    # ---- effects
    "indicator": ("指标", "Indicator"),
    "old-score": ("原得分", "Before"),
    "new-score": ("新得分", "After"),
    "in-turn": ("依次影响", "In its turn"),
    "alone": ("单独影响", "Alone"),
    "frame": ("框架（上级权重、舍入、约定、加减分）", "Frame (weights above, rounding, policies, bonus, penalty)"),
    "interaction": ("相互作用", "Interaction"),
    "sum": ("总分", "Total"),
    "effect-of": ("{name}：各指标对总分的影响", "{name}: what each indicator does to the total"),
    "effect-note": (
        "“依次影响”按原体系的次序一个接一个换上新规则，加起来就是总分的变化；“单独影响”只换这一个，加上相互作用也是总分的变化。"
        "缺佐证的写成区间，两端各自相加。",
        "“In its turn”: the new rules are taken over one after another, in the order of the old tree; they add up to the change of the"
        " total. “Alone”: this one only; with the interaction these add up to it too. Where evidence is missing there are intervals,"
        " which add up end by end.",
    ),
    "without-change": ("得分没有变化的指标：{names}", "Indicators whose points do not change: {names}"),
    "flips": ("等级变了的项目", "Projects whose grade changes"),
    "flip": ("{name}：{old} → {new}", "{name}: {old} → {new}"),
    "no-grade": ("未定", "open"),
    "projects": ("各项目", "Projects"),
    "project": ("项目", "Project"),
    "folder": ("文件夹", "Folder"),
    "old-total": ("原总分", "Before"),
    "old-grade": ("原等级", "Grade before"),
    "new-total": ("新总分", "After"),
    "new-grade": ("新等级", "Grade after"),
    "moves": ("变化", "Change"),
    "movers": ("变化最大的项目", "Largest movers"),
    "spread": ("分布", "Distribution"),
    "count": ("项目数", "Projects"),
    "gain": ("得分增加", "Gain"),
    "lose": ("得分减少", "Lose"),
    "stay": ("不变", "Stay"),
    "open": ("缺佐证，未定", "Open (evidence missing)"),
    "open-rows": ("没有总分（缺数据或坏格）", "No total (missing or bad cells)"),
    "no-score": ("没有得分", "No score"),
    "range-of": ("变化的范围", "Change, least to most"),
    "range-open": ("可能的变化（含未定的）", "Possible change, the open ones included"),
    "mean": ("平均变化", "Mean change"),
    "median": ("变化的中位数", "Median change"),
    "shares": ("变化的分位数", "Quantiles of the change"),
    "share": ("{share} 的项目不超过 {n}", "{share} of them up to {n}"),
    "transitions": ("等级", "Grades"),
    "transition": ("{old} → {new}：{n} 个", "{old} → {new}: {n}"),
    "kept-grade": ("{old} 不变：{n} 个", "{old} kept: {n}"),
    "open-grade": ("{old}：{n} 个", "{old}: {n}"),
    "and-others": ("等，共 {n} 个", "and others, {n} in all"),
    "cut-projects": (
        "这里只列变化最大的 {n} 个项目；全部见 --format json。",
        "Only the {n} largest movers are listed; --format json has all.",
    ),
    "table": ("佐证表", "Table of evidence"),
    "indicators-moved": ("规则或得分变了的指标", "Indicators whose rule or points differ"),
    "indicators-note": (
        "每个指标自己的得分，新减旧；没有得分的是两套规则中有一套给不出得分或不适用的行。",
        "Each indicator's own points, new less old; no score: rows for which one of the rule sets gives none, or that it does not apply to.",
    ),
    "only-new": ("{name}（新增）", "{name} (added)"),
    "only-old": ("{name}（删去）", "{name} (removed)"),
    "cut-rows": (
        "这里只列变化最大的 {n} 个项目；得分或等级变了的全部项目用 --moved 写成表。",
        "Only the {n} largest movers are listed; --moved writes all projects whose total or grade comes out otherwise.",
    ),
}


class Words(ReportWords):
    """The wording of one language; what is not said here is said as in the reports."""

    def __call__(self, key: str, **values: str) -> str:
        if key not in TEXTS:
            return super().__call__(key, **values)
        text = TEXTS[key][self._at]
        return text.format_map(values) if values else text

    def many(self, key: str, n: int) -> str:
        """One of a thing, or several."""
        return self(f"{'one' if n == 1 else 'n'}-{key}", n=str(n))

    @property
    def yes_no(self) -> dict[str, str]:
        """Answers as `diffing` names them."""
        return {"是": self("yes"), "否": self("no")}
