"""Words by which people grade what they found, as data: what takes a quality back, what weakens it, and the qualities.

Closed lists, and short: a text that is not made of them says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

NEGATIONS = ("不", "不够", "不太", "不甚", "不完全", "未", "尚未", "未能", "非", "欠", "无", "没有", "缺乏")
"""In front of a quality they take it back."""

HEDGES = ("较", "较为", "比较", "基本", "相对", "大致", "大体", "大部分", "部分")
"""In front of a quality they say: not quite."""

BAD = frozenset(
    ["无", "没有", "差", "较差", "很差", "极差", "缺失", "缺乏", "不符合", "不合格", "不达标", "未达标", "未完成", "未达到", "不及格"]
)
"""Alone they say that a quality is not there."""

NOTHING = frozenset(["无", "没有"])
WELL_WITHOUT = frozenset(["安全", "稳定", "有序", "合规", "合法", "真实", "准确", "一致", "相符", "满意"])
"""Of these 无 may say that no offence, mistake or complaint was found."""

QUALITIES = frozenset(
    [
        "保障",
        "充分",
        "充足",
        "准确",
        "到位",
        "合法",
        "合理",
        "合格",
        "合规",
        "完备",
        "完善",
        "完整",
        "完成",
        "及时",
        "可持续",
        "可行",
        "安全",
        "完好",
        "明显",
        "明确",
        "显著",
        "有效",
        "有保障",
        "有序",
        "持续",
        "提升",
        "提高",
        "改善",
        "满意",
        "清晰",
        "相符",
        "真实",
        "知晓",
        "科学",
        "符合",
        "稳定",
        "良好",
        "规范",
        "详细",
        "达到",
        "达标",
        "健全",
        "促进",
        "匹配",
        "一致",
        "公开",
        "公平",
        "合适",
        "适宜",
    ]
)
"""What is wanted, as targets name it."""


def is_taken_back(actual: str, target: str) -> bool:
    """Does the actual value deny the target (规范: 不规范, 有保障: 无保障, 健全: 无)?"""
    if actual in BAD:
        return any(part in QUALITIES and not (actual in NOTHING and part in WELL_WITHOUT) for part in _parts(target))
    return is_denied(actual, target)


def is_denied(actual: str, quality: str) -> bool:
    """Does it name the quality with a word that takes it back?"""
    return actual != quality and actual in _prefixed(quality, NEGATIONS)


def is_weakened(actual: str, target: str) -> bool:
    """Does it name the target with a word that says: not quite (有保障: 较有保障)?"""
    return actual != target and actual in _prefixed(target, HEDGES)


def quality_in(name: str) -> str:
    """The one quality in a name such as 制度健全性; nothing where there is none, or several, or where it is denied."""
    stem = name.removesuffix("性").removesuffix("情况").removesuffix("程度")
    if stem == name:
        return ""
    found = [quality for quality in QUALITIES if stem.endswith(quality)]
    longest = max(found, key=len, default="")
    return "" if stem.removesuffix(longest).endswith(NEGATIONS) else longest


def _parts(target: str) -> list[str]:
    text = target
    for sign in "、，；,;和且":
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _prefixed(target: str, words: tuple[str, ...]) -> Iterator[str]:
    """The target, and each of its parts, with one of the words before its quality. 有X without 有 as well: 无保障."""
    for part in dict.fromkeys((target, *_parts(target))):
        for quality in QUALITIES:
            if not part.endswith(quality):
                continue
            stem = part.removesuffix(quality)
            if stem.endswith(NEGATIONS):
                continue
            yield from (f"{stem}{word}{quality}" for word in words)
            if stem.endswith("有"):
                yield from (f"{stem.removesuffix('有')}{word}{quality}" for word in words)
