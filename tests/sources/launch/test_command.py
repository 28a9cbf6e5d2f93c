"""Does a command line say its servers, entries and workers?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcheck.sources.launch import read_command


@pytest.mark.parametrize(
    ("command", "server", "entry", "count", "at_least"),
    [
        ("exec gunicorn -k gevent -w ${WEB_CONCURRENCY:-4} app.main:app", "gunicorn", "app.main:app", 4, False),
        ("gunicorn --workers=5 'desk:create_app()'", "gunicorn", "desk:create_app()", 5, False),
        ("gunicorn -w $((2 * $(nproc) + 1)) a:b", "gunicorn", "a:b", 2, True),
        ("gunicorn -w4 a:b", "gunicorn", "a:b", 4, False),
        ("WEB_CONCURRENCY=3 uvicorn a:b", "uvicorn", "a:b", 3, False),
        (': "${N:=3}"\nexec uvicorn a:b --workers "$N"', "uvicorn", "a:b", 3, False),
        ("N=${N:-3}\nexec uvicorn a:b --workers $N", "uvicorn", "a:b", 3, False),
        ("uvicorn a:b --workers 4 --reload", "uvicorn", "a:b", 1, False),
        ("python3.12 -m uvicorn a:b --workers 2", "uvicorn", "a:b", 2, False),
        ("fastapi run app/main.py --workers 4", "uvicorn", "app/main.py", 4, False),
        ("WEB_CONCURRENCY=3 hypercorn a:b", "hypercorn", "a:b", 1, False),
        ("celery -A core worker -c 4", "celery", "core", 4, False),
        ("celery -A core worker", "celery", "core", 2, True),
        ("celery -A core worker -P gevent -c 100", "celery", "core", 1, False),
        ("celery -A core multi start w1 w2 --pidfile=/run/%n.pid -c 4", "celery", "core", 8, False),
        ("celery multi restart 3 -A core -Q mails", "celery", "core", 6, True),
        ("celery multi start", "celery", "", 2, True),
        ("./bin/thrust ./bin/rails server", "puma", "", None, False),
        ("bundle exec good_job start", "good_job", "", None, False),
        ("bin/jobs start", "solid_queue", "", None, False),
        ("bin/rails jobs:work", "delayed_job", "", None, False),
        ("/rails/bin/docker-entrypoint", "sh", "", 1, False),
        ("pm2-runtime start dist/server.js -i max", "pm2", "dist/server.js", 2, True),
        ("pm2 start server.js -i 0", "pm2", "server.js", 2, True),
        ("pm2-runtime dist/server.js", "pm2", "dist/server.js", 1, False),
        (
            "cross-env NODE_ENV=production node --max-old-space-size=512 dist/server.js",
            "node",
            "dist/server.js",
            1,
            False,
        ),
        ("tini -- node index.js", "node", "index.js", 1, False),
        ("./wait-for-it.sh db:5432 -- python app.py", "python", "app.py", 1, False),
        ("poetry run python -m app.worker", "python", "app.worker", 1, False),
        ('sh -c "npm run migrate && next start"', "next", "", 1, False),
        ("python manage.py migrate && daphne app.asgi:application", "daphne", "app.asgi:application", 1, False),
    ],
)
def test_the_server_its_entry_and_its_workers_are_read(
    command: str, server: str, entry: str, count: int, at_least: bool
) -> None:
    (started,) = read_command(command)
    assert (started.server, started.entry, started.count, started.at_least) == (server, entry, count, at_least)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "python manage.py migrate",
        "npm ci",
        "echo gunicorn -w 4",
        "# gunicorn -w 4 a:b",
        "pip install gunicorn",
        "celery -A start multi show w1",
        "-w 4",
    ],
)
def test_what_does_not_stay_up_starts_nothing(command: str) -> None:
    assert read_command(command) == ()


def test_an_unknown_variable_leaves_the_number_open() -> None:
    (started,) = read_command("uvicorn a:b --workers $UVICORN_WORKERS")
    assert started.count is None
    assert started.variable == "UVICORN_WORKERS"


def test_the_units_environment_settles_a_variable() -> None:
    (started,) = read_command(["uvicorn", "a:b", "--workers", "$N"], {"N": "3"})
    assert started.count == 3


def test_a_continued_line_keeps_the_line_of_its_flag() -> None:
    (started,) = read_command("#!/bin/sh\nset -e\nexec uvicorn a:b \\\n  --workers 8\n")
    assert started.line == 3


def test_concurrently_starts_several() -> None:
    assert [s.hands_to or s.entry for s in read_command('concurrently -n a,b "npm:api" "node worker.js"')] == [
        "npm:api",
        "worker.js",
    ]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_command(text)
