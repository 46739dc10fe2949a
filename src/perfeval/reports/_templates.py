"""The Jinja2 environment of a format: templates of the package, nothing undefined, no file of a user.

Compiling the templates costs a run 25 ms. What was compiled is kept where Python keeps its own bytecode (`__pycache__`
beside the template, or where PYTHONPYCACHEPREFIX says), never in a user's folder; where that can't be written, or
PYTHONDONTWRITEBYTECODE is set, each run compiles anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from perfeval.reports.blocks import Report

_FOLDER = Path(__file__).parent / "templates"
_OPTIONS: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "optimized": False}


def render(template: str, report: Report, profile: str = "default", escape: Callable[[object], str] | None = None) -> str:
    """The report through a template.

    Every text that a template places is escaped, always: as HTML by Jinja2, or first by the `escape` of another format;
    what a macro gives has been through it.
    """

    def placed(value: object) -> object:
        return value if isinstance(value, Markup) or escape is None else Markup(escape(value))

    folder = _FOLDER / profile
    environment = Environment(
        finalize=placed if escape else None,
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_BesideTemplates("finalized" if escape else ""),
        **_OPTIONS,
    )
    environment.filters["kind"] = lambda block: type(block).__name__.lower()
    style = Markup((folder / "style.css").read_text("utf-8")) if escape is None else ""
    return environment.get_template(template).render(r=report, style=style)


class _BesideTemplates(BytecodeCache):
    """Compiled templates as files. Jinja2 itself refuses one of another Python or of another text of the template; its
    own version and our options, which change the code as well, are part of the name."""

    def __init__(self, kind: str) -> None:
        told = repr((getattr(jinja2, "__version__", ""), sorted(_OPTIONS.items()), kind))
        self.mark = sha256(told.encode()).hexdigest()[:12]

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{cache_from_source(filename or name)[:-4]}.{self.mark}.bin"

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, TypeError), Path(bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        path = Path(bucket.key)
        beside = path.with_name(f"{path.name}.{os.getpid()}")  # renamed when whole: another run may read meanwhile
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_bytes(bucket.bytecode_to_string())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
