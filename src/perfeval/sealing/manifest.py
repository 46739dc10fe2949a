"""seal.json: every file of a project folder with its hash, the built-in rules, the program's version, and the result.

Keys are sorted and there is no clock and no path outside the folder in it: sealing the same folder again gives the same bytes.
The last key, `sha256`, is the hash of all the others as they are rendered without it: damage is found before anything is
compared. What proves that nobody has sealed a changed folder anew is the hash of the whole file (the *fingerprint*, what
`sha256sum seal.json` prints) written down elsewhere, or a signature over it.
"""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

NAME = "seal.json"
SIGNATURE = "seal.json.sig"
"""Where a detached signature stands; it cannot be sealed itself."""

Role = Literal["project", "indicators", "evidence", "table", "attachment", "narrative", "report", "other"]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SealedFile(_Part):
    """A file of the folder. `role`: what the project uses it for."""

    role: Role
    size: int  # bytes
    sha256: Hash


class SealedScore(_Part):
    path: list[str]  # the leaf's, from the first level
    score: str | None  # exact; null while pending


class SealedResult(_Part):
    """What came out: numbers as exact texts, as in result.json."""

    total: str | None
    low: str
    high: str
    grade: str | None
    leaves: list[SealedScore]

    @property
    def shown(self) -> str:
        """The total, or what it can still be."""
        return self.total if self.total is not None else f"{self.low}～{self.high}"


class Seal(_Part):
    perfeval: Literal[1] = 1
    program: str  # the version that sealed
    files: dict[str, SealedFile]  # by path in the folder
    built_in: dict[str, Hash]  # rule files that ship with the program and that the score rests on
    result: SealedResult


def render(seal: Seal) -> bytes:
    """The bytes of seal.json."""
    content = seal.model_dump(mode="json")
    return _text({**content, "sha256": sha256(_text(content)).hexdigest()})


def _text(content: object) -> bytes:
    return (dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class StoredSeal(Seal):
    """What stands in the file: the seal and the hash of it."""

    sha256: Hash


def parse(data: bytes) -> Seal | None:
    """The seal, or nothing where a single bit of it is not as `render` writes it."""
    try:
        stored = StoredSeal.model_validate_json(data)
        seal = Seal(**{name: getattr(stored, name) for name in Seal.model_fields})
        return seal if render(seal) == data else None
    except (ValidationError, UnicodeError):  # a lone surrogate can be parsed, and not be written
        return None


def fingerprint(data: bytes) -> str:
    """What is written down elsewhere: SHA-256 of seal.json, 64 hexadecimal digits."""
    return sha256(data).hexdigest()
