"""completion: scripts for bash, zsh, fish and PowerShell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from perfeval.cli.output import Output
from perfeval.cli.output import command as command_with

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

SHELLS = ("bash", "zsh", "fish", "powershell")

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $cursor)
    $env:COMP_WORDS = $ast.ToString()
    $env:COMP_CWORD = $word
    $env:%(complete_var)s = 'powershell_complete'
    try { $lines = @(& %(prog_name)s) }
    finally { Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s -ErrorAction SilentlyContinue }
    foreach ($line in $lines) {
        $kind, $value, $help = $line -split "`t", 3
        if ($kind -eq 'plain') {
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
        } else {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($word)
        }
    }
}
"""


@command_with("输出命令补全脚本 print a completion script")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str, output: Output) -> None:
    """输出命令补全脚本。

    Print the script that completes commands, options and folders in your shell.

    \b
    例 Examples:
      perfeval completion bash >> ~/.bashrc
      perfeval completion zsh > "${fpath[1]}/_perfeval"
      perfeval completion fish > ~/.config/fish/completions/perfeval.fish
      perfeval completion powershell >> $PROFILE
    """
    from perfeval.cli.main import group

    output.out.append(script(group, shell))


def _completer(group: click.Command, shell: str) -> ShellComplete | None:
    from click.shell_completion import CompletionItem, ShellComplete, get_completion_class, split_arg_string

    class PowerShell(ShellComplete):
        """Older releases of click have none; ours lets PowerShell itself complete files."""

        name = "powershell"
        source_template = _POWERSHELL

        def get_completion_args(self) -> tuple[list[str], str]:
            words, incomplete = split_arg_string(os.environ.get("COMP_WORDS", "")), os.environ.get("COMP_CWORD", "")
            return words[1:-1] if incomplete and words[-1:] == [incomplete] else words[1:], incomplete

        def format_completion(self, item: CompletionItem) -> str:
            return f"{item.type}\t{item.value}\t{' '.join((item.help or str(item.value)).split())}"

    from perfeval.cli.main import COMPLETE, PROGRAM

    found = PowerShell if shell == "powershell" else get_completion_class(shell)
    return found(group, {"obj": Output()}, PROGRAM, COMPLETE) if found and shell in SHELLS else None


def script(group: click.Command, shell: str) -> str:
    """The script of a shell. (click's bash class would start bash to see its version: the data of a template is enough.)"""
    completer = _completer(group, shell)
    assert completer is not None
    return completer.source_template % completer.source_vars()


def complete(group: click.Command, instruction: str) -> int:
    """What a shell asks through the environment: `bash_complete`, `bash_source`."""
    shell, _, word = instruction.partition("_")
    completer = _completer(group, shell)
    if completer is None or word not in ("complete", "source"):
        return 2
    if word == "source":
        click.echo(script(group, shell), nl=False)
        return 0
    try:
        click.echo(completer.complete().encode())
    except (KeyError, ValueError, click.ClickException):  # not called by a shell
        return 2
    return 0
