"""frameworks: what is built in, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from perfeval.reading.library import builtins, scales


def test_list(cli: Callable) -> None:
    done = cli("frameworks")
    assert (done.code, done.err) == (0, "")
    for name in (*builtins(), *scales()):
        assert f"  {name} " in done.out
    assert cli("frameworks", "list").out == done.out
    told = json.loads(cli("frameworks", "--format", "json").out)
    assert [one["id"] for one in told["trees"]] == builtins()
    assert [one["id"] for one in told["grades"]] == scales()


@pytest.mark.parametrize("name", [*builtins(), *scales()])
def test_provenance(name: str, cli: Callable) -> None:
    done = cli("frameworks", "show", name, "--lang", "en")
    assert done.code == 0
    assert done.out.startswith(f"{name}\n")
    assert "  Document: " in done.out
    assert "  Compared with the document: " in done.out
    assert json.loads(cli("frameworks", "show", f"builtin:{name}", "--format", "json").out)["id"] == name


def test_unknown(cli: Callable) -> None:
    assert cli("frameworks", "show", "nothing").code == 2
    assert cli("frameworks", "show").code == 2
    assert cli("frameworks", "list", "mof-2020").code == 2


def test_states_are_told_in_chinese(cli: Callable) -> None:
    told = cli("frameworks", "show", "mof-2020-project").out
    assert "  状态：现行有效\n  是否对照过原文：部分核对\n" in told
    assert "Status: in-force" in cli("frameworks", "show", "mof-2020-project", "--lang", "en").out
