"""Which command lines leave a server where only its own machine reaches it?"""

from __future__ import annotations

import pytest

from callcheck.sources.launch.bound import Bound, bound, configured, loopback, settings_of
from callcheck.sources.launch.command import read_command


def _bound(command: str, *variables: str, **env: str) -> list[str]:
    found = [bound(started, env, variables.__contains__) for started in read_command(command, env)]
    return [each.address if each is not None else "" for each in found]


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn a:app",
        "uv run uvicorn a:app --port 8000",
        "python -m uvicorn a:app --host=127.0.0.1",
        "sh -c 'alembic upgrade head && uvicorn a:app --port 8000'",
        "uvicorn a:app --host ${BIND:-127.0.0.1}",
        "gunicorn -b 127.0.0.1:8000 a:app",
        "granian --interface asgi a:app",
        "daphne a.asgi:app",
        "flask --app x run",
        "python manage.py runserver 8000",
        "fastapi dev a.py",
        "php artisan serve",
        "node server.js --host 127.0.0.1",
    ],
)
def test_it_listens_for_its_own_machine(command: str) -> None:
    assert _bound(command) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn a:app --host 0.0.0.0",
        "uvicorn a:app --uds /run/a.sock",
        "uvicorn a:app --host $BIND",
        "gunicorn a:app",
        "gunicorn -b :8000 a:app",
        "hypercorn -c hypercorn.toml a:app",
        "daphne -b 0.0.0.0 a.asgi:app",
        "flask run -h 0.0.0.0",
        "python manage.py runserver 0.0.0.0:8000",
        "python manage.py runserver 0:8000",
        "fastapi run a.py",
        "node server.js",
        "celery -A a worker",
    ],
)
def test_it_is_open_or_cannot_be_told(command: str) -> None:
    assert _bound(command) == [""]


def test_the_unit_s_variables_are_read_in_place_of_the_default() -> None:
    assert _bound("uvicorn a:app", UVICORN_HOST="0.0.0.0") == [""]
    assert _bound("flask run", FLASK_RUN_HOST="localhost") == ["localhost"]
    assert _bound("uvicorn a:app", "UVICORN_HOST") == [""], "something else in the target sets it"


def test_whether_the_address_is_written_is_told() -> None:
    (default,), (said,) = read_command("uvicorn a:app --forwarded-allow-ips 127.0.0.1"), read_command("uvicorn a:app --host 127.0.0.1")
    assert (bound(default, {}), bound(said, {})) == (Bound("127.0.0.1", False), Bound("127.0.0.1", True))


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("gunicorn a:app", "gunicorn.conf.py"),
        ("gunicorn -c prod.py a:app", "prod.py"),
        ("gunicorn -b 0.0.0.0:8000 a:app", ""),
        ("uvicorn a:app", ""),
    ],
)
def test_gunicorn_s_file_of_settings_counts_where_the_command_says_nothing(command: str, file: str) -> None:
    (started,) = read_command(command)
    assert settings_of(started) == file


def test_the_address_of_a_file_of_settings() -> None:
    assert configured('workers = 4\nbind = ["127.0.0.1:8000"]\n') == Bound("127.0.0.1", True)
    assert configured('bind = "0.0.0.0:8000"') is None


def test_addresses_lose_their_port() -> None:
    assert [loopback(each) for each in ("localhost:80", "[::1]:80", "::1", "127.0.0.53", "0.0.0.0:80", "")] == ["localhost", "[::1]", "::1", "127.0.0.53", "", ""]
