"""Do the tables that log services give for download say what the lines say that they hold?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from callcheck.sources.files import File
from callcheck.sources.logs.export import entries, is_export
from callcheck.sources.logs.reading import Reading
from callcheck.sources.logs.recognise import is_log
from callcheck.sources.logs.unwrap import Unwrapper
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
BOOM = "job 7 failed\nTraceback (most recent call last):\n  File \"app.py\", line 3, in run\n    raise ValueError('a, \"b\"')\nValueError: a, \"b\""
SAID = [("10:00:00.100", "web-1", "INFO", "consumer ready"), ("10:00:01.200", "web-2", "ERROR", BOOM), ("10:00:02.300", "web-1", "INFO", "order 41 received")]
SERVICES = {
    "datadog": ("Date,Host,Status,Content", "{day}T{time}Z"),
    "splunk": ('"_time",host,"log_level","_raw"', "{day}T{time}+0000"),
    "splunk, times last": ('host,"log_level","_raw","_time"', "{day}T{time}+0000"),
    "azure": ('"TimeGenerated [UTC]",Host,Level,ResultDescription', "{us}, {time} AM"),
    "insights": ("@timestamp,@logStream,level,@message", "{day} {time}"),
    "gcloud": ("timestamp,labels.instanceId,severity,resource.type,textPayload", "{day}T{time}Z"),
    "bigquery": ("timestamp,instance,severity,textPayload", "{day} {time} UTC"),
    "any": ("timestamp;host;level;message", "{day}T{time}Z"),
}
ROLES = {"time": ("date", "_time", "timegenerated [utc]", "@timestamp", "timestamp"), "level": ("status", "log_level", "level", "severity"), "type": ("resource.type",)}


def table(service: str, newest_first: bool = True) -> str:
    header, form = SERVICES[service]
    separator = ";" if ";" in header else ","
    out = io.StringIO()
    write = csv.writer(out, delimiter=separator, lineterminator="\n")
    columns = next(csv.reader([header], delimiter=separator))
    for time, host, level, text in reversed(SAID) if newest_first else SAID:
        cells = {"time": form.format(day="2026-03-01", us="3/1/2026", time=time), "level": level, "type": "cloud_run_revision", "host": host, "text": text}
        roles = [next((role for role, names in ROLES.items() if name.lower() in names), "host" if "ost" in name or "nstance" in name or "Stream" in name else "text") for name in columns]
        write.writerow([cells[role] for role in roles])
    return f"{header}\n{out.getvalue()}"


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("newest_first", [True, False])
def test_each_row_is_an_entry_and_the_oldest_comes_first(service: str, newest_first: bool) -> None:
    lines = table(service, newest_first).rstrip("\n").split("\n")
    assert is_export(lines[:3])
    found = list(entries(enumerate(lines, 1)))
    unwrapper = Unwrapper(KNOWN.formats, lines)
    said = [unwrapper.entry(value) for *_, value in found]
    assert [(each.text.split(" level=")[0].split(" log_level=")[0], each.more) for each in said] == [(text.split("\n")[0], text.split("\n")[1:]) for *_, text in SAID]
    assert [each.time for each in said] == [1772359200.1, 1772359201.2, 1772359202.3]
    assert [each.instance for each in said] == [host for _, host, *_ in SAID]
    assert sorted((first, last) for first, last, *_ in found) == ([(2, 2), (3, 7), (8, 8)])


def test_a_folder_with_one_is_read_and_an_ordinary_table_is_not(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text(table("datadog"))
    assert is_log(File(path, path.name, path.stat().st_size))
    summary = Reading([path], None, KNOWN, tmp_path).summary()
    assert (summary.records, summary.lines, sorted(name for name, _ in summary.instances.items())) == (3, 8, ["web-1", "web-2"])
    for text in ("date,customer,amount\n2026-03-01,ann,12\n", "message,date\nhello,2026-03-01T10:00:00Z\n", "timestamp,host,load\n2026-03-01T10:00:00Z,a,3\n"):
        path.write_text(text * 2)
        assert not is_log(File(path, path.name, path.stat().st_size)), text


def test_a_quotation_mark_that_stays_open_costs_its_own_lines_only() -> None:
    lines = ["timestamp,level,message", '2026-03-01T10:00:00Z,INFO,"never closed', *["2026-03-01T10:00:01Z,INFO,up"] * 1_000]
    assert 500 < len(list(entries(enumerate(lines, 1)))) < 700


@pytest.mark.parametrize(
    "text",
    [
        'TimeCreated,Level,ProviderName,Id,Message\n2026-03-01 10:00:00,Information,WAS,5186,"A worker process was shutdown due to inactivity."\n',
        '"Message","Id","LevelDisplayName","TimeCreated","ProviderName"\n"A worker process was shutdown due to inactivity.","5186","Information","3/1/2026 10:00:00 AM","WAS"\n',
        'Level,Date and Time,Source,Event ID,Task Category\nInformation,3/1/2026 10:00:00 AM,WAS,5186,None,A worker process was shutdown due to inactivity.\n',
    ],
    ids=["Export-Csv of some columns", "Get-WinEvent", "Event Viewer"],
)
def test_events_of_windows_are_entries(text: str, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(text)
    assert is_log(File(path, path.name, path.stat().st_size))
    (entry,) = entries(enumerate(text.rstrip("\n").split("\n"), 1))
    said = Unwrapper(KNOWN.formats, text.split("\n")).entry(entry[3])
    assert said.text.startswith("A worker process was shutdown due to inactivity.") and said.time == 1772359200
