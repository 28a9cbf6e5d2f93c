"""What is read off a command line or a title, and does no secret leave it?"""

from __future__ import annotations

import pytest

from callcheck.sources.live.titles import command_of, entry_of, program_of, script_of, server_of, started_as


@pytest.mark.parametrize(
    ("words", "server"),
    [
        (("gunicorn: master [a:b]   ",), "gunicorn"),
        (("gunicorn:", "worker", "[a:b]"), "gunicorn"),
        (("[celeryd: celery@h:MainProcess] -active- (-A shop worker)",), "celery"),
        (("/venv/bin/python3.11", "/venv/bin/uvicorn", "app:app"), "uvicorn"),
        (("python", "-m", "huey.bin.huey_consumer", "app.huey"), "huey"),
        (("rq:worker:4f1c: Listening on high",), "rq"),
        (("next-server (v15.5.2)",), "node"),
        (("bash", "-c", "gunicorn app:app"), ""),
        (("grep", "gunicorn"), ""),
        (("vim", "gunicorn.conf.py"), ""),
        ((), ""),
    ],
)
def test_a_server_is_known_by_its_command_or_title(words: tuple[str, ...], server: str) -> None:
    assert server_of(words) == server


def test_a_program_tells_what_a_title_does_not() -> None:
    assert server_of(("shop worker",), "node") == "node"


@pytest.mark.parametrize(
    ("command", "secret"),
    [
        (("node", "a.js", "--password", "hunter2"), "hunter2"),
        (("node", "a.js", "--api-key", "abc"), "abc"),
        (("app", "--db-passwd=hunter2hunter2"), "hunter2hunter2"),
        (("rq", "worker", "-u", "redis://:hunter2@h:6379"), "hunter2"),
    ],
)
def test_secrets_on_a_command_line_do_not_leave(command: tuple[str, ...], secret: str) -> None:
    assert secret not in command_of(command)


def test_an_option_after_a_secret_one_stays() -> None:
    assert command_of(("app", "--token", "--verbose")) == "app --token --verbose"


def test_an_interpreter_before_a_servers_script_is_left_out() -> None:
    assert started_as("/venv/bin/python3.11 -B /venv/bin/uvicorn --port 80 app:app") == "/venv/bin/uvicorn --port 80 app:app"
    assert started_as("python -m gunicorn app:app") == "python -m gunicorn app:app"
    assert started_as("python app.py uvicorn") == "python app.py uvicorn"


def test_entries_stand_in_titles() -> None:
    assert entry_of("gunicorn: master [shop.wsgi:app]") == "shop.wsgi:app"
    assert entry_of("granian asgi 127.0.0.1:8000 shop:app worker-1") == "shop:app"
    assert entry_of("[celeryd: celery@h:MainProcess] -active- (-A shop worker -P threads)") == "shop"


def test_a_program_is_called_by_its_command_unless_an_interpreter_or_a_title_stands_there() -> None:
    assert program_of(("redis-server *:6379",), "redis-check-rdb") == "redis-server"
    assert program_of(("/srv/start", "x"), "python3.11") == "python3.11"
    assert program_of(("shop: master",), "shopd") == "shopd"
    assert program_of((), "shopd") == "shopd"


def test_a_title_as_one_word_has_a_script_too() -> None:
    assert script_of(("node /srv/app.js      ",)) == "app.js"
    assert script_of(("node", "--inspect", "/srv/app.js")) == "app.js"
