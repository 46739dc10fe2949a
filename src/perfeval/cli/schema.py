"""schema: JSON Schemas of the files, for editors and other programs."""

from __future__ import annotations

from pathlib import Path

import click

from perfeval.cli.output import Output
from perfeval.cli.output import command as command_with

KINDS = ("project", "indicators", "evidence", "result", "seal", "diff")


@command_with("输出 JSON Schema print a JSON Schema")
@click.argument("kind", type=click.Choice(KINDS))
def command(kind: str, output: Output) -> None:
    """输出某种文件的 JSON Schema，编辑器可用来补全和检查。

    Print the JSON Schema of a kind of file; editors complete and check with it.

    \b
    例 Examples:
      perfeval schema project > project.schema.json
      perfeval schema indicators > indicators.schema.json

    \b
    在 YAML 文件第一行写 On the first line of a YAML file:
      # yaml-language-server: $schema=project.schema.json
    """
    import perfeval

    path = Path(perfeval.__file__).parent / "schemas" / f"{kind}.json"
    output.data(path.read_text("utf-8"))
