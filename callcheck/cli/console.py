"""How is something said: with which colours, how wide, and on which stream?

The order of say: `--color always|never`, NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR=0, TERM=dumb, and last whether the stream is a terminal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from callcheck.model.printable import printable

PIPED_COLUMNS = 80
NARROWEST, WIDEST = 24, 110


def coloured(choice: str, stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour; `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0", "false") or environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    if environ.get("CLICOLOR") == "0" or environ.get("TERM") == "dumb":
        return False
    return terminal(stream)


def columns(stream: TextIO, environ: Mapping[str, str] = os.environ) -> int:
    """The width to write in: COLUMNS if it is set, the terminal's own, or 80 where there is none."""
    try:
        wide = int(environ.get("COLUMNS", "0"))
    except ValueError:
        wide = 0
    if wide <= 0:
        wide = PIPED_COLUMNS
        if terminal(stream):
            with contextlib.suppress(OSError, ValueError):
                wide = os.get_terminal_size(stream.fileno()).columns or PIPED_COLUMNS
    return max(NARROWEST, min(WIDEST, wide))


def drawn(stream: TextIO) -> bool:
    """Whether the stream's encoding can carry lines and marks beyond ASCII."""
    try:
        "─│╭╰▲·…".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def terminal(stream: TextIO) -> bool:
    """Whether somebody watches; a closed stream is nobody."""
    try:
        return stream.isatty()
    except (ValueError, AttributeError):
        return False


def emit(text: str) -> None:
    """Write a result to standard output. A reader who has had enough (`| head -1`) is no error."""
    try:
        write(text)
    except BrokenPipeError:
        hush()


def write(text: str) -> None:
    """The same, for whom it matters that nobody reads any more. Raises BrokenPipeError."""
    sys.stdout.write(encodable(text, sys.stdout))
    sys.stdout.flush()


def encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream cannot carry written as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def hush() -> None:
    """Let whatever is still buffered for standard output go nowhere, so that the interpreter does not complain at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str, hint: str = "") -> None:
    """Say something to the user on standard error, a line each."""
    lines = [f"callcheck: {message}", *([f"  hint: {hint}"] if hint else [])]
    try:
        for line in lines:
            print(encodable(printable(line), sys.stderr), file=sys.stderr)
    except (OSError, ValueError):
        pass


def progress_wanted(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a progress bar on this stream would reach somebody who can use it."""
    return terminal(stream) and environ.get("TERM") != "dumb" and not environ.get("CI")


def redraw(text: str = "") -> None:
    """Write a line of progress over the one before it, on standard error; without a text, take that away."""
    sys.stderr.write(f"\r\x1b[2K{encodable(text, sys.stderr)}")
    sys.stderr.flush()
