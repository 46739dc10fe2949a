"""same-explanation: 两个指标的解释一样吗？ Do two indicators have the same explanation?

Reads: rules (`explain` of every indicator, blanks, punctuation and the width of signs aside; eight signs or more).
Severity: warning.
Bad: 预算执行率 and 资金到位率 both explained as 到位资金支出了多少, copied from one to the other. Good: each says what it measures.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.auditing._contract import Need, Subject
from perfeval.auditing._wording import said_twice
from perfeval.problems import Problem, ProblemKind, Severity

KIND = ProblemKind(
    "same-explanation",
    says="「{name}」与「{other}」的解释一样：“{text}”。",
    remedy="写出各自看什么；若两个指标其实是一个，去掉一个。",
    en="“{name}” and “{other}” have the same explanation: “{text}”.",
    en_remedy="Say what each looks at; if the two are one, remove one.",
    severity=Severity.WARNING,
)
NEEDS: tuple[Need, ...] = ("rules",)


def check(subject: Subject) -> Iterator[Problem]:
    yield from said_twice(subject, KIND, "explain", lambda node: node.explain)
