"""Does every form in which journalctl writes the journal say the same?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.model.log import Level, Place, Record
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.recognise import is_log
from callcheck.sources.logs.summary import Summarizer
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
TRACEBACK = 'Task failed\nTraceback (most recent call last):\n  File "/app/w.py", line 3, in on_paid\n    raise KeyError(order)\nKeyError: \'total\''
ENTRIES = [
    {"__CURSOR": "s=8a1;i=1", "__REALTIME_TIMESTAMP": "1772863203123456", "_HOSTNAME": "web-3", "_PID": "812", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "worker", "MESSAGE": "up: Müller"},
    {"__CURSOR": "s=8a1;i=2", "__REALTIME_TIMESTAMP": "1772863204000000", "_HOSTNAME": "web-3", "_PID": "812", "PRIORITY": "3", "SYSLOG_IDENTIFIER": "worker", "MESSAGE": TRACEBACK},
    {"__CURSOR": "s=8a1;i=3", "__REALTIME_TIMESTAMP": "1772863205000000", "_HOSTNAME": "web-3", "_PID": "812", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "worker", "MESSAGE": "ten byte\n!"},
]  # fmt: skip


def export() -> bytes:
    """As JOURNAL_EXPORT_FORMATS has it."""
    out = b""
    for entry in ENTRIES:
        for key, value in entry.items():
            data = value.encode()
            out += key.encode() + (b"\n" + len(data).to_bytes(8, "little") + data if b"\n" in data else b"=" + data) + b"\n"
        out += b"\n"
    return out


def verbose() -> bytes:
    out = ""
    for entry, time in zip(ENTRIES, ("06:00:03.123456", "06:00:04.000000", "06:00:05.000000"), strict=True):
        out += f"Sat 2026-03-07 {time} UTC [s=8a1;i=1;b=2;m=3;t=4;x=5]\n"
        for key, value in entry.items():
            out += "" if key.startswith("__") else "    " + f"{key}={value}".replace("\n", "\n" + " " * 12) + "\n"
    return out.encode()


FORMS = {
    "export": export(),
    "verbose": verbose(),
    "json": "".join(json.dumps(entry) + "\n" for entry in ENTRIES).encode(),
    "json-pretty": "".join(json.dumps(entry, indent="\t") + "\n" for entry in ENTRIES).encode(),
    "json-sse": "".join(f"data: {json.dumps(entry)}\n\n" for entry in ENTRIES).encode(),
    "json-seq": "".join(f"\x1e{json.dumps(entry)}\n" for entry in ENTRIES).encode(),
}


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """The records, as they were read."""
    found: list[Record] = []
    take = Summarizer.take

    def kept(summarizer: Summarizer, record: Record) -> None:
        found.append(record)
        take(summarizer, record)

    monkeypatch.setattr(Summarizer, "take", kept)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_entries(form: str, tmp_path: Path, taken: list[Record]) -> None:
    path = tmp_path / "worker.log"
    path.write_bytes(FORMS[form])
    summary = Reading([path], None, KNOWN, tmp_path).summary()
    assert not summary.lost
    assert [record.time for record in taken] == [1772863203.123456, 1772863204.0, 1772863205.0]
    assert [record.level for record in taken] == [Level.UNKNOWN, Level.ERROR, Level.UNKNOWN]
    assert {record.instance for record in taken} == {"web-3/812"}
    assert taken[0].full == "up: Müller"
    assert "KeyError: 'total'" in taken[1].full
    assert "ten byte" in taken[2].full
    assert taken[2].full.endswith("!")


def test_the_message_of_an_export_is_shown_at_its_line(tmp_path: Path, taken: list[Record]) -> None:
    path = tmp_path / "worker.log"
    path.write_bytes(export())
    Reading([path], None, KNOWN, tmp_path).summary()
    lines = export().split(b"\n")
    assert b"Task failed" in lines[taken[1].place.line - 1]
    assert taken[1].place == Place("worker.log", 16, 20)


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("Mar 07 06:00:04.250000 web-3 worker[812]: KeyError: 'total'", 5_724_004.25),
        ("2026-03-07T06:00:04.250000+00:00 web-3 worker[812]: KeyError: 'total'", 1772863204.25),
        ("Sat 2026-03-07 06:00:04 UTC web-3 worker.service[812]: KeyError: 'total'", 1772863204.0),
        ("1772863204.250000 web-3 worker[812]: KeyError: 'total'", 1772863204.25),
        ("[ 5213.250000] web-3 worker[812]: KeyError: 'total'", None),
    ],
)
def test_the_short_forms_name_time_and_process(line: str, time: float | None, tmp_path: Path, taken: list[Record]) -> None:
    path = tmp_path / "worker.log"
    path.write_text(f"{line}\n" * 3)
    Reading([path], None, KNOWN, tmp_path).summary()
    assert {record.instance for record in taken} <= {"web-3 worker/812", "web-3 worker.service/812"}
    found = taken[0].time
    assert found is None if time is None else found is not None and found % 86_400 == pytest.approx(time % 86_400)
    assert taken[0].text == "KeyError: 'total'"


def test_an_export_is_known_by_its_content_and_the_journal_itself_is_told_how_to_be_read(tmp_path: Path) -> None:
    from callcheck.sources.files import File

    for name, data in {"night.export": export(), "night.txt": verbose()}.items():
        (tmp_path / name).write_bytes(data)
        assert is_log(File(tmp_path / name, name, len(data))), name
    (tmp_path / "system.journal").write_bytes(b"LPKSHHRH" + bytes(200))
    (lost,) = Reading([tmp_path / "system.journal"], None, KNOWN, tmp_path).summary().lost
    assert "journalctl --file=" in lost.why
