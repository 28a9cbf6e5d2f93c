"""Are logs told from sources and settings?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcheck.sources.files import File
from callcheck.sources.logs.recognise import is_log

LINE = '{"level":30,"time":1795420101321,"pid":7,"hostname":"web-1","msg":"up"}\n'


def file(folder: Path, name: str, text: str) -> File:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return File(path, name, len(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.log", "x\n"),
        ("app.log.1", "x\n"),
        ("logs/app.jsonl", LINE),
        ("worker.out", "x\n"),
        ("events.json", json.dumps({"events": [{"logStreamName": "s", "message": "m", "timestamp": 1}]}, indent=1)),
        ("unit.journal.json", '{"__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}\n'),
        ("console.txt", "2025-01-01T00:00:00Z up\n" * 4),
        ("host.logfmt", "x\n"),
        ("stern.txt", "web-7c5d8b6f49-4mzkd web 2024-10-21T06:58:40.000Z level=info msg=up\n" * 4),
        ("kubectl.txt", "[pod/web-7c5d8b6f49-4mzkd/web] INFO up\n" * 4),
        ("compose.txt", 'web-1      | {"level":"info","msg":"up"}\n' * 4),
        ("worker.txt", "INFO:worker:up\n" * 4),
        (
            "pm2.json",
            '{"message":"up","timestamp":"2022-08-09T17:00:01.120Z","type":"err","process_id":0,"app_name":"bot"}\n',
        ),
        ("egress.json", '{"start_time":"2025-01-01T00:00:00.100Z","method":"GET","path":"/","response_code":200}\n' * 4),
        ("edge/requests.json", '{"request_method":"GET","status":"200","time_local":"01/Jan/2025:00:00:00 +0000"}\n' * 4),
        ("caddy.txt", '{"level":"info","ts":1646861401.52,"logger":"http.log.access"}\n' * 4),
    ],
)
def test_a_log(tmp_path: Path, name: str, text: str) -> None:
    assert is_log(file(tmp_path, name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name":"a","version":"1"}'),
        ("package-lock.json", '{"logs":"2025-01-01T00:00:00Z"}'),
        ("tsconfig.json", "{}"),
        ("src/log.ts", "x"),
        ("logger.py", "x"),
        ("logging.yaml", "version: 1"),
        ("data.json", '[{"name":"a","when":"2025-01-01"}]'),
        ("people.json", '{"name":"a","born":"2001-01-01","time":"long ago"}\n' * 4),
        ("once.json", '{"time":"2025-01-01T00:00:00Z",\n"name":"a",\n"rows":\n[1,\n2,\n3,\n4]}\n'),
        ("Procfile", "web: x"),
        ("README.md", "x"),
        ("requirements.txt", "django\n"),
        ("notes.txt", "a\nb\n"),
        ("todo.txt", "ring the bank\nsend the post - 3\nINFO desk: ask\npay rent\n"),
    ],
)
def test_no_log(tmp_path: Path, name: str, text: str) -> None:
    assert not is_log(file(tmp_path, name, text))
