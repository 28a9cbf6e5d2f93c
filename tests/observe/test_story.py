"""The guide's story, for real: what is registered in one process is emitted in another; with a broker between them all is heard."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools import apps, node, observed

GUIDE = observed.ROOT / "fixtures" / "guide"
PAIRS = 100


@pytest.fixture(scope="module")
def pm2() -> str:
    if why := node.missing():
        pytest.skip(why)
    return node.program("pm2-runtime")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    with apps.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


def _emissions(seen: observed.Observation, name: str) -> list[dict[str, object]]:
    return [line for line in seen.facts("event.emitted") if str(line["messaging.destination.name"]).startswith(name)]


@pytest.mark.parametrize("shuffled", [False, True], ids=["in sequence", "shuffled"])
def test_under_pm2_as_many_are_heard_as_met_in_one_process(pm2: str, tmp_path: Path, shuffled: bool) -> None:
    app = node.lay_out(GUIDE / "cross-process-delivery-ts" / "broken", tmp_path)
    port = apps.free_port()
    with (
        apps.receiver() as grower,
        observed.observe([pm2, "start", "ecosystem.config.cjs"], app, tmp_path, f"http://127.0.0.1:{port}/healthz", {"PORT": str(port)}) as seen,
    ):
        apps.wait_until(apps.workers(port, "/healthz", 4), "four instances")
        start = "/start", lambda number: {"trial": f"t{number}", "callbackUrl": grower.url}
        execute = "/execute", lambda number: {"trial": f"t{number}", "tray": [True, False]}
        met = observed.pairs(port, start, execute, PAIRS, shuffled)
        assert grower.settle() == met
    emissions = _emissions(seen, "counted:")
    assert len(emissions) == PAIRS
    assert sum(1 for line in emissions if line["listener.count"]) == met
    first = seen.first
    assert (first["cause"], first["confidence"] > 0.95) == ("cross-process-delivery", True), seen.log.read_text()
    told = {(item["file"], item["line"]) for item in first["evidence"]}
    assert {("src/server.ts", 14), ("src/server.ts", 22)} <= told
    assert seen.status == 1


def test_under_pm2_with_redis_nothing_is_diagnosed(pm2: str, redis_url: str, tmp_path: Path) -> None:
    app = node.lay_out(GUIDE / "cross-process-delivery-ts" / "fixed", tmp_path)
    port = apps.free_port()
    env = {"PORT": str(port), "REDIS_URL": redis_url}
    with (
        apps.receiver() as grower,
        observed.observe([pm2, "start", "ecosystem.config.cjs"], app, tmp_path, f"http://127.0.0.1:{port}/healthz", env) as seen,
    ):
        apps.wait_until(apps.workers(port, "/healthz", 4), "four instances")
        start = "/start", lambda number: {"trial": f"t{number}", "callbackUrl": grower.url}
        execute = "/execute", lambda number: {"trial": f"t{number}", "tray": [True, False]}
        observed.pairs(port, start, execute, PAIRS, shuffled=True)
        assert grower.settle() == PAIRS
    assert [each for each in seen.report["diagnoses"] if each["confidence"] >= 0.5] == [], seen.report["diagnoses"]
    assert seen.status == 0


def _bookings(url: str) -> tuple[tuple[str, object], tuple[str, object]]:
    start = "/bookings", lambda number: {"firing": f"f{number}", "callback_url": url}
    return start, ("/openings", lambda number: {"firing": f"f{number}", "peak_celsius": 1240})


def _gunicorn(port: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "kiln.app:app"]


@pytest.fixture
def kiln(tmp_path: Path) -> Callable[[str], Path]:
    for name in ("fastapi", "gunicorn", "uvicorn", "pyee", "redis"):
        pytest.importorskip(name)
    return lambda side: Path(shutil.copytree(GUIDE / "cross-process-delivery-py" / side, tmp_path / "app"))


@pytest.mark.parametrize("shuffled", [False, True], ids=["in sequence", "shuffled"])
def test_under_gunicorn_as_many_are_heard_as_met_in_one_process(kiln: Callable[[str], Path], tmp_path: Path, shuffled: bool) -> None:
    app, port = kiln("broken"), apps.free_port()
    with apps.receiver() as potter, observed.observe(_gunicorn(port), app, tmp_path, f"http://127.0.0.1:{port}/healthz") as seen:
        apps.wait_until(apps.workers(port, "/healthz", 4), "four workers")
        met = observed.pairs(port, *_bookings(potter.url), PAIRS, shuffled)
        assert potter.settle() == met
    emissions = _emissions(seen, "opened:")
    assert len(emissions) == PAIRS
    assert sum(1 for line in emissions if line["listener.count"]) == met
    first = seen.first
    assert (first["cause"], first["confidence"] > 0.95) == ("cross-process-delivery", True), seen.log.read_text()
    assert {("kiln/app.py", 29), ("kiln/app.py", 38)} <= {(item["file"], item["line"]) for item in first["evidence"]}


def test_under_gunicorn_with_redis_nothing_is_diagnosed(kiln: Callable[[str], Path], redis_url: str, tmp_path: Path) -> None:
    app, port = kiln("fixed"), apps.free_port()
    with apps.receiver() as potter, observed.observe(_gunicorn(port), app, tmp_path, f"http://127.0.0.1:{port}/healthz", {"REDIS_URL": redis_url}) as seen:
        apps.wait_until(apps.workers(port, "/healthz", 4), "four workers")
        observed.pairs(port, *_bookings(potter.url), PAIRS, shuffled=True)
        assert potter.settle() == PAIRS
    assert [each for each in seen.report["diagnoses"] if each["confidence"] >= 0.5] == [], seen.report["diagnoses"]
