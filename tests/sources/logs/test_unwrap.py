"""Is what others put around a line taken off, and kept as time, level and instance?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Level
from callcheck.sources.logs.levels import level_of
from callcheck.sources.logs.unwrap import Said, Unwrapper
from tests.tools.shipped import shipped_logs

FORMATS = shipped_logs().formats


def said(line: str) -> Said:
    return Unwrapper(FORMATS, [line] * 5).read(line)


@pytest.mark.parametrize(
    ("line", "who", "level", "text"),
    [
        ("[pod/cart-6f7c9d-x2k4q/app] INFO:shop:up", "cart-6f7c9d-x2k4q", Level.INFO, "up"),
        ("2|orders-api  | 2025-02-18 08:00:02.510 +00:00: [boot] up", "2|orders-api", Level.UNKNOWN, "[boot] up"),
        ("web-1    | 2025-02-18T08:00:02Z error: no", "web-1", Level.ERROR, "error: no"),
        ("2025-05-14T09:22:31.402113+00:00 app[web.2]: [2025-05-14 09:22:31 +0000] [9] [INFO] Booting", "web.2/9", Level.INFO, "Booting"),
        ("Feb 12 04:46:07 web-3 gunicorn[812]: WARNING:root:slow", "web-3 gunicorn/812", Level.WARN, "slow"),
        ('{"level":50,"time":1795420101321,"pid":7,"hostname":"web-1","msg":"no","jobId":3}', "web-1/7", Level.ERROR, "no jobId=3"),
        ('{"log":"info: up\\n","stream":"stdout","time":"2025-06-01T07:00:01Z"}', "", Level.INFO, "up"),
        ('{"__REALTIME_TIMESTAMP":"1736158520330000","_PID":"9","_HOSTNAME":"h","PRIORITY":"3","MESSAGE":"ERROR:a:no"}', "h/9", Level.ERROR, "no"),
        ("E1217 00:02:59.416016       1 reflector.go:138] no", "", Level.ERROR, "no"),
        ("[2026-11-23 07:50:05,761: INFO/MainProcess] Task a.b[1] received", "", Level.INFO, "Task a.b[1] received"),
        ("2026-11-23 07:51:20.911 | ERROR    | mod:func:19 - no", "", Level.ERROR, "no"),
        ('ts=2024-09-17T13:00:00.000Z level=warn host=relay-1 msg="slow" n=1', "relay-1", Level.WARN, "slow host=relay-1 n=1"),
        ("2025-03-04 08:59:57,181 [4117] INFO engineio.server: up", "4117", Level.INFO, "[4117] INFO engineio.server: up"),
    ],
)  # fmt: skip
def test_a_line_gives_its_process_level_and_message(line: str, who: str, level: Level, text: str) -> None:
    found = said(line)
    assert (found.who, found.level, found.text) == (who, level, text)


@pytest.mark.parametrize(
    "line",
    [
        '{"DownstreamStatus":400,"RequestMethod":"GET","RequestPath":"/live/?sid=a","ServiceURL":"http://10.0.0.1:80","time":"2026-01-05T13:30:10Z"}',
        '{"ts":1767619810,"request":{"method":"GET","uri":"/live/?sid=a"},"duration":0.1,"size":4,"status":400,"upstream":"10.0.0.1:80"}',
        '{"start_time":"2026-01-05T13:30:10Z","method":"GET","path":"/live/?sid=a","response_code":400,"upstream_host":"10.0.0.1:80"}',
        '{"time_local":"05/Jan/2026:13:30:10 +0000","request_method":"GET","request":"GET /live/?sid=a HTTP/2.0","status":"400","upstream_addr":"10.0.0.1:80"}',
    ],
)  # fmt: skip
def test_a_served_request_is_an_access_line_whoever_notes_it_as_json(line: str) -> None:
    found = said(line)
    assert found.text.startswith('"GET /live/?sid=a HTTP/1.1" 400 upstream=10.0.0.1:80')
    assert found.time == 1767619810


def test_a_json_entry_keeps_its_other_keys_and_its_stack() -> None:
    found = said(
        '{"level":"error","message":"run failed","err":{"name":"AuthenticationError","status":401,"stack":"A: x\\n    at y"}}'
    )
    assert found.text == "run failed err.name=AuthenticationError err.status=401"
    assert found.more == ["A: x", "    at y"]


def test_a_column_of_words_is_no_wrapper_unless_most_lines_have_it() -> None:
    unwrapper = Unwrapper(FORMATS, ["note-abcde saved it", "GET / 200", "up", "down", "up"])
    assert unwrapper.read("note-abcde saved it").text == "note-abcde saved it"


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (30, Level.INFO),
        ("50", Level.ERROR),
        ("3", Level.ERROR),
        ("WARNING", Level.WARN),
        (None, Level.UNKNOWN),
        (True, Level.UNKNOWN),
        ("odd", Level.UNKNOWN),
    ],
)
def test_levels_of_all_loggers_are_one(value: object, level: Level) -> None:
    assert level_of(value) is level


def test_deep_and_broken_json_is_text() -> None:
    assert said("{" * 5000).text == "{" * 5000
    assert said('{"a":').text == '{"a":'


def test_fields_behind_a_message_are_words_and_may_tell_the_time() -> None:
    found = said('info: job active {"jobId":"7","timestamp":"2026-11-23T07:48:21.751Z"}')
    assert (found.text, found.level, found.time) == ("job active jobId=7", Level.INFO, 1795420101.751)


def test_the_error_that_lambda_s_runtime_writes_behind_a_tab_is_read_with_its_stack() -> None:
    error = '{"errorType":"TypeError","errorMessage":"x is undefined","stack":["TypeError: x is undefined","    at handler (/var/task/a.js:1:2)"]}'
    found = said(f"2025-07-02T11:00:39.834Z\t7eb9ac9d-befb-4ea8-bb3b-9e0882fa092c\tERROR\tInvoke Error \t{error}")
    assert found.text == 'Invoke Error errorType=TypeError errorMessage="x is undefined" requestId=7eb9ac9d-befb-4ea8-bb3b-9e0882fa092c'
    assert found.more == ["TypeError: x is undefined", "    at handler (/var/task/a.js:1:2)"]


def test_an_object_that_is_the_message_itself_stays_as_it_is() -> None:
    assert said('INFO:app:payload: {"jobId":"7"}').text == 'payload: {"jobId":"7"}'


def test_what_loguru_binds_belongs_to_the_message() -> None:
    record = '{"elapsed":1,"exception":null,"extra":{"order":"o-7"},"level":{"name":"INFO"},"message":"paid"}'
    assert said('{"text":"paid\\n","record":' + record + "}").text == "paid order=o-7"
