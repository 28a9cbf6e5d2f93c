"""`callcheck manual` (hidden): what does the manual page say? The same as `--help`, for it is made from the same commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from callcheck.cli import console
from callcheck.cli.exit_status import ExitStatus

_ABOUT = """\
Reads source code, deployment files, logs and running processes, and ranks the causes that can keep a callback, event handler, subscription or
webhook from firing, each with the lines that show it, what speaks against it, and a fix.
Nothing is run, changed or sent anywhere unless a command or option says so."""
_STATUSES = {
    ExitStatus.NOTHING_LIKELY: "Nothing likely.",
    ExitStatus.LIKELY: "Something likely: a cause at or above --fail-on; of webhook and scale also what is not as expected.",
    ExitStatus.BROKEN: "Misused or broken: the command line, a rule, a configuration file, or callcheck itself; with --strict, something could not be read.",
    ExitStatus.NOTHING_EXAMINED: "Nothing could be examined.",
    ExitStatus.INTERRUPTED: "Interrupted.",
}
_FILES = {
    ".callcheck.yml": "Settings, from the working folder upward to the root of the repository; callcheck init writes a first one.",
    "pyproject.toml": "The same in the table [tool.callcheck].",
    "$XDG_CONFIG_HOME/callcheck/config.yml": "Settings where a project has none.",
    "$XDG_CACHE_HOME/callcheck": "What is kept from run to run; may be removed at any time.",
}


def run() -> ExitStatus:
    """Print the page."""
    console.emit(page())
    return ExitStatus.NOTHING_LIKELY


def page() -> str:
    """The page in the man macros, without a date, so that it changes only when a command does."""
    from callcheck.cli.app import build, names

    root: Any = typer.main.get_command(build(names()))
    commands = list(_commands(root, "callcheck"))
    lines = ['.TH CALLCHECK 1 "" callcheck "User Commands"', ".SH NAME", "callcheck \\- find out why a callback, event handler or webhook does not fire", ".SH SYNOPSIS"]
    for name, command in commands:
        lines += [".br", f".B {_escaped(name)}", *([_escaped(_usage(command))] if _usage(command) else [])]
    lines += [".SH DESCRIPTION", *_paragraphs(_ABOUT), ".SH COMMANDS"]
    for name, command in commands:
        lines += [f".SS {_escaped(name)}", *_paragraphs(command.help or "")]
        for param in command.params:
            lines += [".TP", _param(param), *_paragraphs(_said(param))]
    lines += [".SH EXIT STATUS", *_table({str(int(status)): said for status, said in _STATUSES.items()})]
    lines += [".SH ENVIRONMENT", *_table({"CALLCHECK_FAIL_ON, CALLCHECK_FORMAT, ...": "Every option of diagnose, in capitals; the command line goes before it, and it before the files.", "NO_COLOR, FORCE_COLOR": "As elsewhere."})]
    lines += [".SH FILES", *_table(_FILES)]
    return "\n".join(lines) + "\n"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child, each in children.items():
        if not each.hidden:
            yield from _commands(each, f"{name} {child}")


def _usage(command: Any) -> str:
    options = "[OPTION]... " if any(param.param_type_name == "option" for param in command.params) else ""
    return (options + " ".join(param.metavar or param.name.upper() for param in command.params if param.param_type_name == "argument")).strip()


def _param(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"\\fI{_escaped(param.metavar or param.name.upper())}\\fR"
    value = "" if param.is_flag else f" \\fI{_escaped(param.metavar or param.name.upper())}\\fR"
    return ", ".join(f"\\fB{_escaped(option)}\\fR" for option in sorted(param.opts, key=len)) + value


def _said(param: Any) -> str:
    said = str(getattr(param, "help", "") or "")
    default = param.default
    shown = isinstance(default, (str, int, float)) and not isinstance(default, bool) and default != "" and param.param_type_name == "option"
    return f"{said} [default: {default}]" if shown and "default" not in said else said


def _table(rows: dict[str, str]) -> Iterator[str]:
    for name, said in rows.items():
        yield from (".TP", f".B {_escaped(name)}", _escaped(said))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        if number:
            yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Text that roff prints as it is: its escapes, hyphens that may be copied, and no line that is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text
