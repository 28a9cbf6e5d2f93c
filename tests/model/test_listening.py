"""Ports in the command lines of servers, as their manuals write them."""

from __future__ import annotations

import pytest

from callcheck.model.listening import listening_at


@pytest.mark.parametrize(
    ("command", "ports"),
    [
        ("uvicorn shop.api:app --host 0.0.0.0 --port 8000", ["8000"]),
        ("uvicorn shop.api:app --port=8001 --workers 4", ["8001"]),
        ("gunicorn -b 0.0.0.0:8002 shop.wsgi", ["8002"]),
        ("gunicorn --bind=:8003 --bind unix:/run/shop.sock shop.wsgi", ["8003"]),
        ("python manage.py runserver 0.0.0.0:8004", ["8004"]),
        ("python manage.py runserver 8005 --noreload", ["8005"]),
        ("waitress-serve --listen=127.0.0.1:8006 shop:app", ["8006"]),
        ("puma -p 8007", ["8007"]),
        ("celery -A shop worker -l info -P gevent", []),
        ("node server.js --port $PORT", []),
        ("docker run -p 8008:80 shop", []),
        ("mkdir -p 2024.01", []),
    ],
)
def test_ports_of_commands(command: str, ports: list[str]) -> None:
    assert listening_at(command) == ports
