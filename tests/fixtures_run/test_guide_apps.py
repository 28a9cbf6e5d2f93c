"""The guide's five causes, as apps that really run: the broken side loses its callbacks, the fixed side delivers them."""

from __future__ import annotations

import importlib.util
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import apps, model_server, node

GUIDE = Path(__file__).resolve().parents[2] / "fixtures" / "guide"
SIDES = ("broken", "fixed")
COUNT = 24
WORKERS = 4
SHUFFLE = random.Random(7)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the apps are run in process groups")


@pytest.fixture(scope="module")
def tsx() -> str:
    """The command that runs TypeScript; skips, saying why, where Node or its packages cannot be had."""
    if why := node.missing():
        pytest.skip(why)
    return node.program("tsx")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of our own; skips without the Debian package redis-server."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    with apps.redis_server(tmp_path) as url:
        yield url


def _needs(*packages: str) -> None:
    absent = [name for name in packages if importlib.util.find_spec(name) is None]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")


def _python_app(case: str, side: str, folder: Path) -> Path:
    app = folder / "app"
    shutil.copytree(GUIDE / case / side, app, ignore=shutil.ignore_patterns("__pycache__"))
    return app


def _run(command: list[str], app: Path, **env: str) -> str:
    done = subprocess.run(
        command, cwd=app, env=node.environment(**env), capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _openai(model: model_server.Model, key: str = model_server.GOOD_KEY) -> dict[str, str]:
    return {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": key}


@contextmanager
def _served(command: list[str], app: Path, health: str, **env: str) -> Iterator[int]:
    port = apps.free_port()
    command = [part.replace("PORT", str(port)) for part in command]
    log = app.parent / "app.log"
    with apps.running(command, app, node.environment(PORT=str(port), **env), log):
        try:
            apps.wait_until(apps.answers(port, health), "the app")
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{log.read_text()}") from error
        yield port


@pytest.mark.parametrize("side", SIDES)
def test_a_listener_of_one_request_misses_what_the_next_request_emits_in_ts(
    tsx: str, tmp_path: Path, side: str
) -> None:
    app = node.lay_out(GUIDE / "per-request-registration-ts" / side, tmp_path)
    with _served([tsx, "src/main.ts"], app, "/diary") as port:
        hive = {"hive": "7", "notes": "calm", "queenSeen": True}
        assert apps.ask(port, "POST", "/inspections", hive)[0] == 201
        for _ in range(3):
            assert apps.ask(port, "POST", "/hives/7/revisits", {"notes": "still calm"})[0] == 200
        entries = apps.ask(port, "GET", "/diary")[1]["entries"]
    assert len(entries) == {"broken": 1, "fixed": 4}[side]


@pytest.mark.parametrize("side", SIDES)
def test_a_listener_of_one_request_misses_what_the_next_request_emits_in_python(tmp_path: Path, side: str) -> None:
    _needs("autogen_core", "autogen_ext", "openai", "fastapi", "uvicorn")
    app = _python_app("per-request-registration-py", side, tmp_path)
    command = [sys.executable, "-m", "uvicorn", "lighthouse.app:app", "--port", "PORT"]
    with model_server.serve() as model, _served(command, app, "/logbook", **_openai(model)) as port:
        assert apps.ask(port, "POST", "/stations/north/watch", {"text": "lamp lit"})[0] == 201
        for _ in range(3):
            assert apps.ask(port, "POST", "/stations/north/observations", {"text": "a sail"})[0] == 202
        apps.wait_until(lambda: model.statuses.get(200, 0) == 4, "four model calls")
        expected = {"broken": 1, "fixed": 4}[side]
        apps.wait_until(lambda: len(apps.ask(port, "GET", "/logbook")[1]) >= expected, "the logbook")
        lines = apps.ask(port, "GET", "/logbook")[1]
    assert len(lines) == expected


@pytest.mark.parametrize("side", SIDES)
def test_run_emits_no_tokens_in_ts(tsx: str, tmp_path: Path, side: str) -> None:
    app = node.lay_out(GUIDE / "non-streaming-call-ts" / side, tmp_path)
    with model_server.serve() as model:
        said = _run([tsx, "src/announce.ts"], app, **_openai(model))
    pieces = {"broken": 0, "fixed": len(model_server.ANSWER.split())}[side]
    assert f"pieces shown: {pieces}\n" in said
    assert "stop reason: done" in said


@pytest.mark.parametrize("side", SIDES)
def test_run_gives_no_chunks_in_python(tmp_path: Path, side: str) -> None:
    _needs("autogen_agentchat", "autogen_ext", "openai")
    app = _python_app("non-streaming-call-py", side, tmp_path)
    with model_server.serve() as model:
        said = _run([sys.executable, "-m", "surtitles", "Nessun dorma"], app, **_openai(model))
    pieces = {"broken": 0, "fixed": len(model_server.ANSWER.split())}[side]
    assert f"pieces shown: {pieces}\n" in said
    assert model.statuses == {200: 1}


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_that_reads_a_field_that_is_not_there_leaves_nothing_in_ts(
    tsx: str, tmp_path: Path, side: str
) -> None:
    app = node.lay_out(GUIDE / "payload-mismatch-ts" / side, tmp_path)
    said = _run([tsx, "src/main.ts"], app)
    assert said.count("annotated") == 3
    notes = app / "programme.txt"
    assert (len(notes.read_text().splitlines()) if notes.exists() else 0) == {"broken": 0, "fixed": 3}[side]


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_that_reads_a_field_that_is_not_there_leaves_nothing_in_python(tmp_path: Path, side: str) -> None:
    _needs("autogen_core")
    app = _python_app("payload-mismatch-py", side, tmp_path)
    said = _run([sys.executable, "-m", "proofs", str(tmp_path / "pages")], app)
    pages = {"broken": 0, "fixed": 3}[side]
    assert f"pages set: {pages} of 3" in said
    assert ("'Proof' object has no attribute 'text'" in said) == (side == "broken")


def _start_then_execute(port: int, start: str, execute: str, bodies: list[tuple[object, object]]) -> None:
    """All starts, then all executions in another order: round robin would bring the same order back to the same worker."""
    for first, _ in bodies:
        assert apps.ask(port, "POST", start, first)[0] == 202
    for _, second in SHUFFLE.sample(bodies, len(bodies)):
        assert apps.ask(port, "POST", execute, second)[0] == 200


def _judge(delivered: int, names: set[str], side: str) -> None:
    print(f"{side}: {delivered} of {COUNT} callbacks came")
    assert delivered == len(names), "a callback came twice"
    if side == "broken":
        assert delivered < COUNT
    else:
        assert delivered == COUNT


@pytest.mark.parametrize("side", SIDES)
def test_a_callback_is_lost_between_the_instances_of_pm2(
    tsx: str, tmp_path: Path, side: str, request: pytest.FixtureRequest
) -> None:
    more = {"REDIS_URL": request.getfixturevalue("redis_url")} if side == "fixed" else {}
    app = node.lay_out(GUIDE / "cross-process-delivery-ts" / side, tmp_path)
    port = apps.free_port()
    with apps.receiver() as grower, apps.pm2(node.program("pm2"), app, node.environment(PORT=str(port), **more)):
        apps.wait_until(apps.workers(port, "/healthz", WORKERS), "four instances")
        bodies: list[tuple[object, object]] = [
            ({"trial": f"t{i}", "callbackUrl": grower.url}, {"trial": f"t{i}", "tray": [True, False]})
            for i in range(COUNT)
        ]
        _start_then_execute(port, "/start", "/execute", bodies)
        delivered = grower.settle()
    _judge(delivered, {body["trial"] for body in grower.bodies}, side)


@pytest.mark.parametrize("side", SIDES)
def test_a_callback_is_lost_between_the_workers_of_gunicorn(
    tmp_path: Path, side: str, request: pytest.FixtureRequest
) -> None:
    _needs("fastapi", "gunicorn", "uvicorn", "httpx", "pyee" if side == "broken" else "redis")
    more = {"REDIS_URL": request.getfixturevalue("redis_url")} if side == "fixed" else {}
    app = _python_app("cross-process-delivery-py", side, tmp_path)
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", "127.0.0.1:PORT", "kiln.app:app"]
    with apps.receiver() as potter, _served(command, app, "/healthz", **more) as port:
        apps.wait_until(apps.workers(port, "/healthz", WORKERS), "four workers")
        bodies: list[tuple[object, object]] = [
            ({"firing": f"f{i}", "callback_url": potter.url}, {"firing": f"f{i}", "peak_celsius": 1240})
            for i in range(COUNT)
        ]
        _start_then_execute(port, "/bookings", "/openings", bodies)
        delivered = potter.settle()
    _judge(delivered, {body["firing"] for body in potter.bodies}, side)


@pytest.mark.parametrize("side", SIDES)
def test_a_refused_key_looks_like_silence_until_the_wrapper_is_gone(tsx: str, tmp_path: Path, side: str) -> None:
    app = node.lay_out(GUIDE / "upstream-auth-ts" / side, tmp_path)
    with (
        model_server.serve() as model,
        _served([tsx, "src/main.ts"], app, "/labels", AUTOGEN_LOG="1", **_openai(model)) as port,
    ):
        statuses = [apps.ask(port, "POST", f"/objects/{i}/label", {"title": "Vase"})[0] for i in range(5)]
        labels = apps.ask(port, "GET", "/labels")[1]["labels"]
    assert statuses == [202] * 5
    assert len(labels) == {"broken": 0, "fixed": 5}[side]
    assert model.statuses == {"broken": {401: 5}, "fixed": {200: 5}}[side]


def test_a_refused_key_is_told_once_the_wrapper_is_gone(tsx: str, tmp_path: Path) -> None:
    app = node.lay_out(GUIDE / "upstream-auth-ts" / "fixed", tmp_path)
    with (
        model_server.serve() as model,
        _served([tsx, "src/main.ts"], app, "/labels", **_openai(model, "fake-key-revoked")) as port,
    ):
        assert apps.ask(port, "POST", "/objects/1/label", {"title": "Vase"})[0] == 502
    assert "AuthenticationError: 401" in (tmp_path / "app.log").read_text()


@pytest.mark.parametrize("side", SIDES)
def test_a_rate_limit_looks_like_silence_until_calls_are_paced(tmp_path: Path, side: str) -> None:
    _needs("autogen_agentchat", "autogen_ext", "openai")
    app = _python_app("upstream-rate-limit-py", side, tmp_path)
    with model_server.serve(per_second=6) as model:
        said = _run([sys.executable, "-m", "blurbs", "20"], app, **_openai(model))
    cards = said.count("card printed")
    print(f"{side}: {cards} of 20 cards, answers {model.statuses}")
    assert f"batch finished, cards: {cards}" in said
    assert model.statuses[429] > 0
    assert cards == 20 if side == "fixed" else cards < 20
    assert "Traceback" not in said
