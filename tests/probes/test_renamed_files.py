"""A handler of new files alone is told where files get their names by renaming, and not where it hears of that or takes any name."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.renamed_files import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

WATCH = """import os
from pathlib import Path
from watchdog.events import PatternMatchingEventHandler
from watchdog.observers import Observer


class Slips(PatternMatchingEventHandler):
    def __init__(self):
        super().__init__(patterns=["*.csv"])

    def on_created(self, event):
        take(event.src_path)


o = Observer()
folder = Path(os.environ["INBOX"]).resolve()
o.schedule(Slips(), str(folder))
"""
UNIT = "[Service]\nEnvironment=INBOX=/srv/slips\nExecStart=python watch.py\n"
PUSH = "#!/bin/sh\nrsync -a \\\n  /out/ scale@mill:/srv/slips/\n"
FILES = {"requirements.txt": "watchdog==6.0.0\n", "watch.py": WATCH, "mill.service": UNIT}
PLAIN = WATCH.replace("PatternMatchingEventHandler", "FileSystemEventHandler").replace('super().__init__(patterns=["*.csv"])', "self.seen = 0")
BY_NAME = PLAIN.replace("take(event", 'if event.src_path.endswith(".csv"):\n            take(event')


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.method}: {', '.join(str(each.where) for each in item.because)}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    "files",
    [
        {"push.sh": PUSH},
        {"push.sh": PUSH, "watch.py": BY_NAME},
        {"push.sh": PUSH, "watch.py": WATCH.replace("on_created", "on_closed")},
        {"push.sh": "set -e\nmv /srv/slips/.part /srv/slips/a.csv\n"},
    ],
    ids=["rsync", "by its own test of the name", "when it is closed", "mv within the folder"],
)
def test_a_renamed_file_is_not_seen(tmp_path: Path, files: dict[str, str]) -> None:
    (line,) = said(tmp_path, {**FILES, **files})
    assert line.startswith("watch.py:11 on_") and ": push.sh:2, watch.py:1" in line


@pytest.mark.parametrize(
    "files",
    [
        {"push.sh": PUSH, "watch.py": WATCH.replace("\n\no = Obs", "\n    def on_moved(self, event):\n        take(event.dest_path)\n\n\no = Obs")},
        {"push.sh": PUSH, "watch.py": PLAIN},
        {"push.sh": PUSH, "watch.py": WATCH.replace("*.csv", "*")},
        {"push.sh": PUSH.replace("-a", "-a --inplace")},
        {"push.sh": PUSH.replace("-a", "-aT /tmp")},
        {"push.sh": PUSH.replace("/srv/slips/", "/srv/other/")},
        {"push.sh": "mv /tmp/a.csv /srv/slips/a.csv\n"},
        {"push.sh": "rsync -a scale@mill:/srv/slips/ /backup/\n"},
        {"push.sh": PUSH, "mill.service": UNIT.replace("INBOX=/srv/slips", "OTHER=1")},
    ],
    ids=["it hears of moves", "it takes any name", "any name fits", "in place", "another folder for what is not done", "elsewhere", "from outside", "out of it", "which folder is not known"],
)
def test_what_is_seen_or_not_known_is_not_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, {**FILES, **files}) == []
