"""Whole numbers of a Parquet file become decimals, by what its footer says of them.

A decimal of up to 18 digits is stored in Parquet as a whole number with an annotation: how many digits, how many after the point.
Polars holds every decimal in 128 bits while it computes and writes; writing whole numbers instead and annotating them here takes
half the time and memory, and the bytes of the values are the same. The footer is a Thrift structure in the compact protocol
(parquet.thrift of the Parquet format): the schema's elements are read, changed and written back, row groups are copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

MOST_DIGITS = 18
_MAGIC = b"PAR1"
_STOP, _I16, _I32, _STRUCT = 0, 4, 5, 12
_SCHEMA, _KEY_VALUES = 2, 5  # fields of FileMetaData
_NAME, _CONVERTED, _SCALE, _PRECISION, _LOGICAL = 4, 6, 7, 8, 10  # of SchemaElement
_DECIMAL = 5  # the ConvertedType, and the field of LogicalType


class Digits(NamedTuple):
    """How many digits a decimal has, and how many of them after the point."""

    all: int
    places: int


Field = tuple[int, int, bytes]
"""A field of a structure: its number, its type, its value as it stands in the file."""


def annotate(path: Path, decimals: Mapping[str, Digits]) -> None:
    """The columns named are decimals from here on; their whole numbers count the last place."""
    assert all(0 < one.all <= MOST_DIGITS for one in decimals.values())
    with path.open("r+b") as file:
        end = file.seek(-8, 2)
        length = int.from_bytes(file.read(4), "little")
        assert file.read(4) == _MAGIC
        file.seek(end - length)
        footer = _annotated(file.read(length), decimals)
        file.seek(end - length)
        file.truncate()
        file.write(footer + len(footer).to_bytes(4, "little") + _MAGIC)


def _annotated(footer: bytes, decimals: Mapping[str, Digits]) -> bytes:
    fields, end = _fields(footer, 0)
    assert end == len(footer)
    changed = []
    for number, kind, value in fields:
        if number == _SCHEMA:
            elements = [_element(element, decimals) for element in _elements(value)]
            changed.append((number, kind, _list_head(len(elements)) + b"".join(elements)))
        elif number != _KEY_VALUES:  # where Polars says which types it wrote
            changed.append((number, kind, value))
    return _structure(changed)


def _element(element: bytes, decimals: Mapping[str, Digits]) -> bytes:
    fields, _ = _fields(element, 0)
    name = next(_text(value) for number, _, value in fields if number == _NAME)
    digits = decimals.get(name)
    if digits is None:
        return element
    kept = [field for field in fields if field[0] not in (_CONVERTED, _SCALE, _PRECISION, _LOGICAL)]
    scale, precision = _signed(digits.places), _signed(digits.all)
    logical = _structure([(_DECIMAL, _STRUCT, _structure([(1, _I32, scale), (2, _I32, precision)]))])
    own = [(_CONVERTED, _I32, _signed(_DECIMAL)), (_SCALE, _I32, scale), (_PRECISION, _I32, precision), (_LOGICAL, _STRUCT, logical)]
    return _structure(sorted([*kept, *own]))


# ---- the compact protocol


def _fields(data: bytes, at: int) -> tuple[list[Field], int]:
    """The fields of the structure that begins here, and where it ends."""
    found: list[Field] = []
    number = 0
    while data[at] != _STOP:
        head, at = data[at], at + 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _zigzag(data, at)
        end = _after(data, at, head & 15, in_list=False)
        found.append((number, head & 15, data[at:end]))
        at = end
    return found, at + 1


def _after(data: bytes, at: int, kind: int, in_list: bool) -> int:
    """Where a value ends."""
    match kind:
        case 1 | 2:  # true and false: in a list a byte, else told by the type
            return at + 1 if in_list else at
        case 3:
            return at + 1
        case 4 | 5 | 6:
            while data[at] & 128:
                at += 1
            return at + 1
        case 7:
            return at + 8
        case 8:
            length, at = _number(data, at)
            return at + length
        case 9 | 10:
            count, own, at = _list(data, at)
            for _ in range(count):
                at = _after(data, at, own, in_list=True)
            return at
        case 12:
            while data[at] != _STOP:
                head, at = data[at], at + 1
                if not head >> 4:
                    at = _after(data, at, _I16, in_list=False)
                at = _after(data, at, head & 15, in_list=False)
            return at + 1
    raise AssertionError(f"a type that Parquet's footer does not use: {kind}")


def _elements(value: bytes) -> list[bytes]:
    """The values of a list of structures."""
    count, kind, at = _list(value, 0)
    found = []
    for _ in range(count):
        end = _after(value, at, kind, in_list=True)
        found.append(value[at:end])
        at = end
    return found


def _list(data: bytes, at: int) -> tuple[int, int, int]:
    """How many values, of which type, and where they begin."""
    head, at = data[at], at + 1
    count = head >> 4
    if count == 15:
        count, at = _number(data, at)
    return count, head & 15, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _zigzag(data: bytes, at: int) -> tuple[int, int]:
    value, at = _number(data, at)
    return (value >> 1) ^ -(value & 1), at


def _text(value: bytes) -> str:
    length, at = _number(value, 0)
    return value[at : at + length].decode()


def _unsigned(value: int) -> bytes:
    found = bytearray()
    while value >= 128:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _signed(value: int) -> bytes:
    return _unsigned(value * 2 if value >= 0 else -value * 2 - 1)


def _list_head(count: int) -> bytes:
    return bytes([count << 4 | _STRUCT]) if count < 15 else bytes([15 << 4 | _STRUCT]) + _unsigned(count)


def _structure(fields: list[Field]) -> bytes:
    found, last = bytearray(), 0
    for number, kind, value in fields:
        step = number - last
        found += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _signed(number)
        found += value
        last = number
    return bytes([*found, _STOP])
