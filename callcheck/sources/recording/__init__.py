"""What was recorded while an app ran under `callcheck observe`?

    recording.json                       what was started, and how it was driven
    41-0-1795667370000.jsonl             one file for each process and thread, as `observers/FACTS.md` says
"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.pattern import pattern

_HEAD = 4096
_SPANS = pattern(rb'\s*\{\s*"resourceSpans"\s*:')
_TRACE = pattern(r"\d{1,10}-\d{1,10}-\d{1,16}\.jsonl$")


def is_trace(name: str) -> bool:
    """Whether a file of this name holds what one process wrote."""
    return bool(_TRACE.match(name))


def traces(folder: Path) -> list[Path]:
    """The files of a recording, in order of their names; [] for a folder that is none."""
    try:
        return sorted(path for path in folder.iterdir() if is_trace(path.name))
    except OSError:
        return []


def is_recording(folder: Path) -> bool:
    """Whether a folder was written by the agents of `callcheck observe`."""
    return (folder / "recording.json").is_file() or bool(traces(folder))


def is_spans(path: Path) -> bool:
    """Whether a file holds OpenTelemetry spans, as OTLP in JSON lines."""
    try:
        with path.open("rb") as stream:
            return bool(_SPANS.match(stream.read(_HEAD)))
    except OSError:
        return False
