"""Formula and condition text to nodes: numbers with units, dates, names, `+ - * /`, `min`, `max`, comparisons, `and or not`.

Names become inputs under their own name; `lowering` says what they mean. Nothing else is read: no calls, no powers.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from perfeval.ir.build import divide, multiply, subtract, when
from perfeval.ir.nodes import Add, Compare, Cond, Const, Expr, Input, Max, Min, Mul
from perfeval.problems import Fault, ProblemKind
from perfeval.quantity import DATE, YES_NO, Unit, plain_width, read_date, read_quantity, read_unit

BAD_EXPRESSION = ProblemKind(
    "bad-expression",
    says="算式「{text}」第 {position} 个字处读不懂：{why}。",
    remedy="只用数（可带单位）、量的名称、+ - * /、括号、min、max；条件再加 >= > <= < = 与 and or not。名称里有空格或符号时写在「」里。",
    en="The formula “{text}” cannot be read at character {position}: {why}.",
    en_remedy="Use numbers (with units), names, + - * /, parentheses, min, max; in conditions also >= > <= < = and and, or, not. "
    "Put a name with blanks or signs in 「」.",
)

DATE_UNIT = Unit("", read_quantity("1").value, DATE)
YES_NO_UNIT = Unit("", DATE_UNIT.scale, YES_NO)
_MAX_DEPTH = 50

_TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<date>\d{4}-\d{2}-\d{2}(?!\d)|(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?![\w.-]))"
    r"|(?P<number>\d[\d,，]*(?:\.\d+)?(?:\s?[%‰]|[^\W\d_][^\W_]*)?)"
    r"|「(?P<quoted>[^「」]+)」"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>>=|<=|[-+*/×÷()（）,，><=≥≤])"
)
_SAME_SIGN = {"×": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "≥": ">=", "≤": "<="}
_COMPARES: dict[str, Compare] = {">=": ">=", ">": ">", "<=": "<=", "<": "<", "=": "="}


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse_expression(text: str, words: frozenset[str] = frozenset()) -> Expr:
    """A formula to an expression. Raises `Fault` (bad-expression, bad-number, unknown-unit, bad-date).

    >>> parse_expression("90%").value
    Fraction(9, 10)
    """
    parser = _Parser(text, words)
    expr = parser.sum()
    parser.end()
    return expr


def parse_condition(text: str, words: frozenset[str] = frozenset()) -> Expr:
    """A condition to an expression that is 1 where it holds and 0 where it does not."""
    parser = _Parser(text, words)
    expr = parser.either()
    parser.end()
    return expr


class _Parser:
    def __init__(self, text: str, words: frozenset[str]) -> None:
        self.text = text
        self.words = words
        self.depth = 0
        self.calls = 0
        self.tokens = self._scan(plain_width(text))
        self.next = 0

    def _scan(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._fault(at, f"不认识「{text[at]}」 (unexpected character)")
            kind = match.lastgroup or ""
            if kind != "blank":
                word = match[kind]
                tokens.append(_Token(kind, _SAME_SIGN.get(word, word), at))
            at = match.end()
        return tokens

    def _fault(self, at: int, why: str) -> Fault:
        return BAD_EXPRESSION.fault(text=self.text, position=at + 1, why=why)

    def _fail(self, why: str) -> NoReturn:
        at = self.tokens[self.next].at if self.next < len(self.tokens) else len(self.text)
        raise self._fault(at, why)

    def _peek(self) -> str:
        token = self.tokens[self.next] if self.next < len(self.tokens) else None
        return token.text if token and token.kind in ("sign", "name") else ""

    def _take(self, *signs: str) -> str:
        if self._peek() in signs:
            self.next += 1
            return self.tokens[self.next - 1].text
        return ""

    def _close(self) -> None:
        if not self._take(")"):
            self._fail("这里缺右括号 (a closing parenthesis is missing)")

    def end(self) -> None:
        if self.next < len(self.tokens):
            self._fail("多出来的部分 (unexpected rest)")

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self._fail(f"括号超过 {_MAX_DEPTH} 层 (nested too deeply)")

    # conditions

    def either(self) -> Expr:
        left = self.both()
        while self._take("or"):
            left = _branch(left, Const(1), self.both())
        return left

    def both(self) -> Expr:
        left = self.denied()
        while self._take("and"):
            left = _branch(left, self.denied(), Const(0))
        return left

    def denied(self) -> Expr:
        if self._take("not"):
            self._deeper()
            inner = _branch(self.denied(), Const(0), Const(1))
            self.depth -= 1
            return inner
        start, depth, calls = self.next, self.depth, self.calls
        if self._peek() == "(":
            try:
                self._take("(")
                self._deeper()
                inner = self.either()
                self._close()
                self.depth -= 1
                if self._peek() not in _COMPARES and self._peek() not in ("+", "-", "*", "/"):
                    return inner
            except Fault:
                pass
            self.next, self.depth, self.calls = start, depth, calls  # it was the parenthesis of a sum, not of a condition
        return self.comparison()

    def comparison(self) -> Expr:
        left = self.sum()
        compare = _COMPARES.get(self._peek())
        if compare is None:
            if isinstance(left, Input):
                return Cond(">=", Input(left.key, YES_NO_UNIT), Const(1), Const(1), Const(0))
            self._fail("条件里缺比较号 (a comparison is missing)")
        self.next += 1
        right = self.sum()
        if self._peek() in _COMPARES:
            self._fail("一次只比较两项；用 and 连接 (compare two at a time; join with and)")
        return when(compare, left, right, 1, 0)

    # arithmetic

    def sum(self) -> Expr:
        left = self.product()
        while sign := self._take("+", "-"):
            right = self.product()
            left = Add((left, right)) if sign == "+" else subtract(left, right)
        return left

    def product(self) -> Expr:
        left = self.factor()
        while sign := self._take("*", "/"):
            right = self.factor()
            left = multiply(left, right) if sign == "*" and not _has_unit(left, right) else _join(sign, left, right)
        return left

    def factor(self) -> Expr:
        self._deeper()
        try:
            return self._factor()
        finally:
            self.depth -= 1

    def _factor(self) -> Expr:
        if self._take("-"):
            inner = self.factor()
            return Const(-inner.value, inner.unit) if isinstance(inner, Const) else multiply(-1, inner)
        if self._take("+"):
            return self.factor()
        if self._take("("):
            inner = self.sum()
            self._close()
            return inner
        if self.next >= len(self.tokens):
            self._fail("算式没写完 (the formula ends too early)")
        token = self.tokens[self.next]
        self.next += 1
        if token.kind == "number":
            return self._number(token)
        if token.kind == "date":
            return Const(read_date(token.text).toordinal(), DATE_UNIT)
        if token.kind == "quoted":
            return Input(token.text.strip())
        if token.kind == "name":
            if token.text in ("min", "max") and self._take("("):
                return self._call(token.text)
            if token.text in ("and", "or", "not"):
                self.next -= 1
                self._fail(f"「{token.text}」只能用在条件里 (only in conditions)")
            return Input(token.text)
        self.next -= 1
        self._fail("这里应是数或名称 (expected a number or a name)")

    def _call(self, name: str) -> Expr:
        self.calls += 1
        args = [self.sum()]
        while self._take(","):
            args.append(self.sum())
        self._close()
        self.calls -= 1
        if len(args) < 2:
            self._fail(f"{name} 至少要两项 ({name} needs two or more)")
        return Min(tuple(args)) if name == "min" else Max(tuple(args))

    def _number(self, token: _Token) -> Expr:
        text = token.text
        if self.calls and re.match(r"\d{1,3}([,，]\d{3})+(?!\d)", text):
            self.next -= 1
            self._fail(f"「{text}」里的逗号有两种读法：去掉逗号，或在逗号后空一格 (drop the comma, or put a blank behind it)")
        if self.calls and (comma := re.search("[,，]", text)):  # inside min(…) and max(…) a comma parts two arguments
            head = text[: comma.start()]
            rest = self._scan(plain_width(self.text)[token.at + len(head) :])
            shift = token.at + len(head)
            self.tokens[self.next :] = [_Token(t.kind, t.text, t.at + shift) for t in rest]
            text = head
        if self._peek() == "/" and self.next + 1 < len(self.tokens) and self._is_unit_over(token, text):
            text = f"{text}/{self.tokens[self.next + 1].text}"
            self.next += 2
        quantity = read_quantity(text, words=self.words)
        value = quantity.value
        return Const(int(value) if value.denominator == 1 else value, quantity.unit)

    def _is_unit_over(self, token: _Token, text: str) -> bool:
        """`500元/人` without blanks is one number in 元/人, not a quotient."""
        slash, below = self.tokens[self.next], self.tokens[self.next + 1]
        touching = slash.at == token.at + len(text) and below.at == slash.at + 1
        if not touching or below.kind != "name" or not text.endswith("元"):
            return False
        try:
            read_unit(f"元/{below.text}", self.words)
        except Fault:
            return False
        return True


def _has_unit(*sides: Expr) -> bool:
    return any(isinstance(side, Const) and side.unit for side in sides)


def _join(sign: str, left: Expr, right: Expr) -> Expr:
    return Mul((left, right)) if sign == "*" else divide(left, right)


def _branch(test: Expr, then: Expr, other: Expr) -> Expr:
    """`then` where a 1/0 test holds; a plain comparison is branched on directly."""
    if isinstance(test, Cond) and test.then == Const(1) and test.other == Const(0):
        return Cond(test.compare, test.left, test.right, then, other)
    return when(">=", test, 1, then, other)
