"""What every test may use."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh", action="store_true", help="write the expected texts anew; read them in the diff")


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are to be written anew."""
    return bool(request.config.getoption("--refresh"))


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis of the module's own; skips without the Debian package redis-server."""
    from tests.tools import apps

    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    with apps.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="module")
def mqtt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an MQTT broker of the module's own; skips where the packages of tests/node cannot be had."""
    from tests.tools import apps, node

    with apps.mqtt_broker(node.linked(tmp_path_factory.mktemp("mqtt"))) as port:
        yield port


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """As the program itself does: a diagnosis leaves little garbage, and looking for it among all tests was a sixth of their time."""
    gc.freeze()
    gc.set_threshold(500_000, 20, 20)
