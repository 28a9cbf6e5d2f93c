"""Which registrations say themselves that what they wait for has been?"""

from __future__ import annotations

import pytest

from callcheck.model.log import Place
from callcheck.sources.logs.reached import reached

AT = Place("app.log", 5, 5)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("open", "listener added: connection.once('open') readyState=1"),
        ("open", "ws.on('open') attached readyState=OPEN"),
        ("connect", "redis.once('connect') handler set, status=connected"),
        ("ready", "once ready handler attached client_state=ready"),
        ("listening", "server.on('listening') hooked, listening=true"),
        ("load", "listener for load added document.readyState=complete"),
        ("open", "handler for open attached, connection already open"),
    ],
)
def test_a_state_that_is_reached_is_waited_for_in_vain(event: str, text: str) -> None:
    assert reached([(event, AT, text)]) == [(AT, text)]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("open", "listener added: connection.once('open') readyState=0"),
        ("open", "listener added: connection.once('open') readyState=2"),
        ("error", "listener added: connection.on('error') readyState=1"),
        ("connect", "socket.on('connect') attached connected=true"),
        ("ready", "client.once('ready') attached, already ready, calling it at once"),
        ("message", "ws.on('message') attached readyState=1"),
        ("open", "ws.on('open') attached reopen_state=closed"),
        ("ticket.opened", "subscribed to ticket.opened, status=ready"),
        ("invoice.loaded", "subscribed to invoice.loaded, broker connected=true"),
    ],
)
def test_what_is_to_come_or_comes_again_is_not(event: str, text: str) -> None:
    assert reached([(event, AT, text)]) == []
