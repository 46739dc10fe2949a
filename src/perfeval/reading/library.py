"""What ships with the program: built-in trees, grade scales and starter folders, in a checkout or in the wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from perfeval.problems import Fault, ProblemKind, did_you_mean

UNKNOWN_BUILTIN = ProblemKind(
    "unknown-builtin",
    says="没有内置的「{name}」。{hint}",
    remedy="可用的有：{known}。",
    en="There is no built-in “{name}”. {hint}",
    en_remedy="There are: {known}.",
)
PREFIX = "builtin:"


@lru_cache(maxsize=1)
def library() -> Path:
    """The folder `indicators/`: beside `src/` in a checkout, inside the package in a wheel."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "indicators", package.parent.parent / "indicators"):
        if (folder / "grades").is_dir():
            return folder
    raise RuntimeError("the folder indicators/ is missing from this installation")


def builtins() -> list[str]:
    """Ids of the built-in trees, sorted."""
    return sorted(path.stem for path in library().glob("*.yaml"))


def scales() -> list[str]:
    """Ids of the named grade scales, sorted."""
    return sorted(path.stem for path in (library() / "grades").glob("*.yaml"))


def builtin_path(name: str) -> Path:
    """The file of a built-in tree. Raises `Fault` (unknown-builtin)."""
    name = name.removeprefix(PREFIX)
    if name not in builtins():
        raise _unknown(name, builtins())
    return library() / f"{name}.yaml"


def scale_path(name: str) -> Path:
    """The file of a named grade scale. Raises `Fault` (unknown-builtin)."""
    if name not in scales():
        raise _unknown(name, scales())
    return library() / "grades" / f"{name}.yaml"


def _unknown(name: str, known: list[str]) -> Fault:
    begun = [one for one in known if name and one.startswith(name)]
    hint = did_you_mean(begun[0], begun) if begun else did_you_mean(name, known)
    return UNKNOWN_BUILTIN.fault(name=name, known="、".join(known), hint=hint)


def starters() -> list[str]:
    """Names of the starter folders that `init` copies, sorted."""
    return sorted(path.name for path in (library() / "starter").iterdir() if path.is_dir())


def starter(name: str) -> Path:
    """The folder that `init` copies. Raises `Fault` (unknown-builtin)."""
    name = name.removeprefix(PREFIX)
    if name not in starters():
        raise _unknown(name, [n for n in starters() if n != "basic"])
    return library() / "starter" / name
