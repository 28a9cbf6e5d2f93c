"""Does a target that means harm, or is merely broken, end in an honest report: no hang, no traceback, nothing raw on the terminal?"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe.ts")
    os.mkfifo(folder / "app.log")


def _devices(folder: Path) -> None:
    (folder / "zero.py").symlink_to("/dev/zero")
    (folder / "zero.log").symlink_to("/dev/zero")
    (folder / "zero.yaml").symlink_to("/dev/zero")


def _minified(folder: Path) -> None:
    (folder / "app.min.js").write_text("bus.on('x',function(a){return a});" * 150_000)


def _loop(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)


def _yaml_bomb(folder: Path) -> None:
    (folder / "deployment.yaml").write_text(BOMB)
    (folder / "docker-compose.yml").write_text("services: " + "[" * 100_000)
    (folder / "serverless.yml").write_text("a: 2024-13-45\nb: " + "9" * 10_000)


def _binary(folder: Path) -> None:
    (folder / "app.log").write_bytes(bytes(range(256)) * 400)
    (folder / "app.py").write_bytes(b"\x00\xff\xfe" * 999)
    (folder / "broken.log.gz").write_bytes(b"\x1f\x8b\x08\x00half")


def _not_utf8(folder: Path) -> None:
    (folder / "app.py").write_bytes(b"# caf\xe9\nbus.on('x\xff', f)\n")
    (folder / "app.log").write_bytes(b"ERROR \xff\xfe\xe9\n")


def _deep(folder: Path) -> None:
    (folder / "deep.js").write_text("(" * 100_000)
    (folder / "deep.py").write_text("(" * 100_000)
    (folder / "deep.json").write_text("[" * 100_000)


def _unended(folder: Path) -> None:
    (folder / "a.ts").write_text("const a = `unended ${ bus.on('x', (")
    (folder / "b.py").write_text("def f(:\n  '''unended")


TREES = [_fifo, _devices, _minified, _loop, _yaml_bomb, _binary, _not_utf8, _deep, _unended]


@pytest.mark.parametrize("build", TREES, ids=lambda build: build.__name__.strip("_"))
def test_a_hostile_tree_ends_in_a_report(callcheck, app: Path, build) -> None:
    build(app)
    done = callcheck("diagnose", cwd=app, limit_s=30)
    assert done.returncode == 1, done.stderr
    assert "cross-process-delivery" in done.stdout
    assert "Traceback" not in done.stderr
    assert "a bug in callcheck" not in done.stdout


@pytest.mark.parametrize("build", TREES, ids=lambda build: build.__name__.strip("_"))
def test_a_hostile_tree_alone_ends_without_a_traceback(callcheck, tmp_path: Path, build) -> None:
    build(tmp_path)
    done = callcheck("diagnose", cwd=tmp_path, limit_s=30)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "a bug in callcheck" not in done.stdout


@pytest.mark.parametrize("name", ["pipe.ts", "app.log"])
def test_a_named_pipe_is_refused_and_not_waited_for(callcheck, tmp_path: Path, name: str) -> None:
    _fifo(tmp_path)
    done = callcheck("diagnose", name, cwd=tmp_path, limit_s=30)
    assert done.returncode == 2
    assert "neither a file nor a folder" in done.stderr


ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# Root may read everything, unless it gives up the capability to.
AS_OTHERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if ROOT else ()


@pytest.mark.skipif(ROOT and not shutil.which("setpriv"), reason="root may read everything, and setpriv is not here")
def test_what_may_not_be_read_is_said_and_costs_nothing_else(callcheck, app: Path) -> None:
    (app / "src" / "other.ts").write_text("export {}")
    (app / "src" / "other.ts").chmod(0)
    (app / "closed").mkdir(mode=0)
    done = callcheck("diagnose", cwd=app, before=AS_OTHERS)
    assert done.returncode == 1, done.stderr
    assert "src/other.ts" in done.stdout


@pytest.mark.skipif(ROOT and not shutil.which("setpriv"), reason="root may read everything, and setpriv is not here")
def test_a_named_file_that_may_not_be_read_ends_with_2(callcheck, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("x")
    (tmp_path / "app.log").chmod(0)
    done = callcheck("diagnose", "app.log", cwd=tmp_path, before=AS_OTHERS)
    assert done.returncode == 2
    assert "no permission to read it" in done.stderr


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\n::error::x", "[bold]", "-rf", "x" * 200, "a\u202eb"])
def test_a_hostile_file_name_never_reaches_the_terminal_raw(callcheck, app: Path, name: str) -> None:
    (app / "src" / "server.ts").rename(app / "src" / f"{name}.ts")
    for words in ((), ("-v",), ("-q",), ("--format", "json")):
        done = callcheck("diagnose", *words, cwd=app)
        assert done.returncode == 1, done.stderr
        assert not RAW.search(done.stdout + done.stderr)
        assert not re.search(r"^\s*(::|##\[)", done.stdout, re.M)


def test_a_file_name_that_is_not_utf8_is_no_obstacle(callcheck, app: Path) -> None:
    (app / "src" / "server.ts").rename(os.fsdecode(os.fsencode(app / "src") + b"/caf\xe9.ts"))
    for words in ((), ("--format", "json")):
        done = callcheck("diagnose", *words, cwd=app)
        assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("event", ["a\\x1b[2Jb", "\x1b]8;;file:///etc\x1b\\\\x", "a\u202eb", "[/api]", "a\x9b2J"])
def test_a_hostile_event_name_never_reaches_the_terminal_raw(callcheck, app: Path, event: str) -> None:
    source = (app / "src" / "server.ts").read_text().replace("job.progress", event)
    (app / "src" / "server.ts").write_text(source, encoding="utf-8")
    done = callcheck("diagnose", cwd=app)
    assert done.returncode == 1, done.stderr
    assert not RAW.search(done.stdout + done.stderr)


def test_a_hostile_log_never_reaches_the_terminal_raw(callcheck, tmp_path: Path) -> None:
    line = "2024-05-01T10:00:00Z ERROR [/api] 401 Unauthorized invalid api key \x1b]52;c;cHdu\x07\x9b2J\u202e :smile: [link=file:///x]\n"
    (tmp_path / "app.log").write_text(line * 20, encoding="utf-8")
    for words in ((), ("--format", "json")):
        done = callcheck("diagnose", "app.log", *words, cwd=tmp_path)
        assert done.returncode in (0, 1), done.stderr
        assert not RAW.search(done.stdout + done.stderr)


@pytest.mark.parametrize("word", ["a\x1b[2Jb", "\x9b", "a\u202eb", "::error::x", "\n::error::x"])
def test_a_hostile_word_is_answered_without_being_repeated_raw(callcheck, tmp_path: Path, word: str) -> None:
    for words in (
        ("diagnose", word),
        ("explain", word),
        ("diagnose", "--probe", word),
        ("diagnose", "--" + word),
        (word,),
    ):
        done = callcheck(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert not RAW.search(done.stdout + done.stderr)
        assert not re.search(r"^\s*(::|##\[)", done.stderr, re.M)
