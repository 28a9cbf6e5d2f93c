"""Which commands are there? Only the one that is called is loaded; all of them for help, completion and a name that nobody knows."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from callcheck.cli import commands
from callcheck.cli.exit_status import ExitStatus

_FIRST = ("diagnose", "observe", "webhook", "scale")
"""What `--help` lists first; the others follow by name."""
_SHARED = "options"


def names() -> list[str]:
    """The commands, as they are listed."""
    found = sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if module.name != _SHARED)
    return sorted(found, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


def build(wanted: Sequence[str]) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="callcheck",
        help="Find out why a callback, event handler or webhook does not fire.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in wanted:
        app.add_typer(importlib.import_module(f"{commands.__name__}.{name}").app)
    return app


def main(argv: list[str]) -> int:
    """Run the command that `argv` (without the program's name) names. Raises CallcheckError, KeyboardInterrupt."""
    known = names()
    app = build(argv[:1] if argv[:1] and argv[0] in known else known)
    shown: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
    try:
        status = typer.main.get_command(app).main(args=argv, prog_name="callcheck", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return ExitStatus.INTERRUPTED
    except shown as error:
        from callcheck.cli.console import complain

        context = getattr(error, "ctx", None)
        command = context.command_path if context else "callcheck"
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
        else:
            complain(error.format_message(), f"{command} --help")
        return ExitStatus.BROKEN
    return int(status or 0)


def _version(wanted: bool) -> None:
    if wanted:
        from callcheck import __version__

        print(f"callcheck {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass
