"""What do all files of a recording tell?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.recorded import Recording
from callcheck.sources.recording import traces
from callcheck.sources.recording.account import members
from callcheck.sources.recording.lines import Lines
from callcheck.sources.recording.replay import Replay

MOST_LINES = 2_000_000
"""Lines of one recording that are read: about a gigabyte in memory."""

TORN = "cut off in a line, as when the disk is full or files may not grow further"


def read(folder: Path) -> Recording:
    """The recording in a folder, or in a file of OpenTelemetry spans; what could not be read of it is in its `lost`."""
    if folder.is_file():
        from callcheck.sources.recording import otlp

        return otlp.read(folder)
    found = Recording(members=members(folder))
    left = MOST_LINES
    for path in traces(folder):
        if left <= 0:
            found.lost.append((path.name, f"only the first {MOST_LINES} lines of a recording are read"))
            continue
        lines = Lines(path, left)
        replay = Replay(found, path.name)
        try:
            replay.play(lines)
        except OSError as error:
            found.lost.append((path.name, error.strerror or "cannot be read"))
        left -= lines.count
        if lines.cut:
            found.lost.append((path.name, f"only the first {MOST_LINES} lines of a recording are read"))
        if lines.torn:
            for process in found.processes[-1:]:
                process.skipped["bytes"] = 1
            found.lost.append((path.name, f"{TORN}: what its process did afterwards is not known"))
        if broken := lines.broken + replay.unread:
            found.lost.append((path.name, f"{broken} line{'s' * (broken > 1)} that no agent writes"))
    return found
