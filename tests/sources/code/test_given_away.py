"""What a call is given under a name of a callback, and whether it goes to somebody on the Internet."""

from __future__ import annotations

import pytest

from callcheck.sources.code.given_away import given_away, goes_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import httpx\nhttpx.post('https://api.example.com/jobs', json={'webhook_url': URL})\n", [("webhook_url", False, True)]),
        ("import httpx\nhttpx.post('http://render:9000/jobs', json={'callback': URL})\n", [("callback", False, False)]),
        ("import httpx\nc = httpx.Client(base_url='https://api.example.com')\nc.post('/jobs', json={'webhook_url': URL})\n", [("webhook_url", False, True)]),
        ("import httpx\nc = httpx.Client(base_url='http://render:9000')\nc.post('/jobs', json={'webhook_url': URL})\n", [("webhook_url", False, False)]),
        ("import pay\npay.open(return_url=URL)\n", [("return_url", True, False)]),
        ("from twilio.rest import Client\nc = Client('a', 'b')\nc.calls.create(to='1', status_callback=URL)\n", [("status_callback", False, True)]),
        ("import shop\nshop.create_webhook(url=URL)\n", [("url", False, False)]),
        ("import shop\nshop.open(url=URL)\n", []),
    ],
)
def test_what_is_given_away(code_of, text: str, found: list[tuple[str, bool, bool]]) -> None:
    code = code_of({"a.py": text})
    assert [(each.name, each.browsed, goes_out(code, each.node)) for each in given_away(code)] == found


def test_a_test_gives_nothing_away(code_of) -> None:
    assert not list(given_away(code_of({"tests/a.py": "f(webhook_url=URL)\n"})))
