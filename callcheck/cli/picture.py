"""`callcheck picture TARGET OUT.svg` (hidden): how does a real report look, as a picture for the README?"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from callcheck.cli import targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.model.errors import UsageError
from callcheck.model.noun import replace
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.pipeline import diagnose
from callcheck.report.terminal import Style, render

_SPACE = "&#160;"
_TEXT = pattern(r'(<text [^>]*?)x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]*)</text>')


def run(target: str, out: Path, width: int) -> ExitStatus:
    """Diagnose the target and write the coloured report as an SVG."""
    done = diagnose(targets.read([target], Path.cwd()))
    # The time is the one thing that differs from run to run; a picture that changes without need makes noise in the diff.
    text = render(replace(done.report, took_s=0.0), done.eyes.lines, Style(width, color=True, drawn=True), 0.1)
    svg = drawn(text, width, f"callcheck diagnose {target}")
    try:
        out.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {clean(str(out))}: {error.strerror or error}") from error
    return ExitStatus.NOTHING_LIKELY


def drawn(text: str, width: int, title: str) -> str:
    """The coloured text as the SVG of a terminal window."""
    from rich.console import Console
    from rich.text import Text

    console = Console(
        record=True,
        width=width,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=False)
    return _TEXT.sub(_trimmed, console.export_svg(title=title, unique_id="callcheck"))


def _trimmed(found: re.Match[str]) -> str:
    """One text of the SVG without spaces at its ends: some viewers drop them and stretch the rest to fill the length."""
    before, x, y, length, after, body = found.groups()
    count = len(html.unescape(body))
    if not count or _stripped(body) == body:
        return found[0]
    step = float(length) / count
    left = (len(body) - len(_lstripped(body))) // len(_SPACE)
    return f'{before}x="{float(x) + left * step:g}" y="{y}" textLength="{step * len(html.unescape(_stripped(body))):g}"{after}>{_stripped(body)}</text>'


def _lstripped(body: str) -> str:
    while body.startswith(_SPACE):
        body = body[len(_SPACE) :]
    return body


def _stripped(body: str) -> str:
    body = _lstripped(body)
    while body.endswith(_SPACE):
        body = body[: -len(_SPACE)]
    return body
