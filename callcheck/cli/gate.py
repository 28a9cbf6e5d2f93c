"""What does a step of CI need: old findings left out, a summary, and a log that no runner obeys?"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from callcheck.cli.settings import Settings
from callcheck.model.errors import UsageError
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.pipeline import Run

if TYPE_CHECKING:
    from callcheck.report.baseline import Known

_FOR_MACHINES = frozenset({"sarif", "gitlab"})
_MOST_SUMMARY = 1_000_000
"""Bytes; GitHub takes 1 MiB for a step, and nothing at all of more."""


def without_known(done: Run, target: Target, settings: Settings) -> Run:
    """The run without the findings of the baseline and of the older revision. Raises UsageError if one of them cannot be had."""
    if settings.baseline is None and not settings.diff_base:
        return done
    from callcheck.report import baseline

    known = []
    if settings.baseline is not None:
        known += baseline.read(_read(settings.baseline), str(settings.baseline))
    if settings.diff_base:
        known += _at_revision(target, settings)
    base = target.base
    return replace(done, report=baseline.without(done.report, known, done.eyes.lines, lambda name: (base / name).exists()))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise UsageError(f"the baseline {clean(str(path))} cannot be read: {why}", f"callcheck baseline -o {clean(path.name)} writes one") from None


def _at_revision(target: Target, settings: Settings) -> list[Known]:
    from callcheck.report import baseline

    with at_revision(target, settings, settings.diff_base) as (done, _):
        return baseline.knowns(done.report, done.eyes.lines)


@contextlib.contextmanager
def at_revision(target: Target, settings: Settings, revision: str) -> Iterator[tuple[Run, Path]]:
    """The same run on the folders and files of a revision of git, and the folder that they lie in for as long as this lasts. Raises UsageError."""
    import tempfile

    from callcheck.cli import diagnose
    from callcheck.sources.revision import lay_out

    with tempfile.TemporaryDirectory(prefix="callcheck-") as folder:
        then = lay_out(target.base, revision, Path(folder))

        def moved(paths: tuple[Path, ...]) -> tuple[Path, ...]:
            found = (then / os.path.relpath(path, target.base) for path in paths)
            return tuple(path for path in found if path.exists())

        old = Target(then, target.given, moved(target.folders), moved(target.files))
        yield diagnose.look(old, replace(settings, no_cache=True, quiet=True)), then


def reads_no_status(settings: Settings) -> bool:
    """Whether all that is written is for a service that decides by itself, and takes another status than 0 for a broken tool."""
    return {settings.format, *(format for format, _ in settings.also)} <= _FOR_MACHINES


def muted(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A report for the log of a runner of GitHub, in which no line can be a command: what it quotes may be anybody's."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return text
    word = os.urandom(16).hex()
    return f"::stop-commands::{word}\n{text}::{word}::\n"


def summarise(done: Run, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Add the report to the summary of the step, where there is one; one that cannot be written costs the summary."""
    place = environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    from callcheck.report import markdown

    text = markdown.render(done.report, done.eyes.lines, settings.min_confidence).encode("utf-8", "backslashreplace")
    if len(text) > _MOST_SUMMARY:
        text = text[:_MOST_SUMMARY].rsplit(b"\n", 1)[0] + b"\n\ncut at 1 MB\n"
    with contextlib.suppress(OSError), open(place, "ab") as stream:
        stream.write(text)
