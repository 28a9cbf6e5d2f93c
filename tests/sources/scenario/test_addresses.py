"""Only this machine's own addresses count as such, however they are written."""

from __future__ import annotations

import pytest

from callcheck.model.errors import RuleError
from callcheck.sources.scenario.addresses import away, host, loopback, parsed
from callcheck.sources.scenario.read import parse

TEXT = 'version: 1\nscenarios:\n  - {name: a, callback: {}, trigger: {request: "POST %s", json: "{{ callback.url }}"}}\n'


def leaves(url: str) -> bool:
    return bool(away(parse(TEXT % url, "s.yml")))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/a", "http://localhost/a", "http://LOCALHOST./a", "http://[::1]:3000/", "https://127.9.9.9/", "http://[::ffff:127.0.0.1]/"])
def test_this_machine(url: str) -> None:
    assert not leaves(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "http://127.0.0.1.nip.io/", "http://localhost.example.com/", "http://127.0.0.1@example.com/", "http://10.0.0.1/",
        "http://169.254.169.254/", "http://0.0.0.0:80/", "http://[::]/", "http://2130706433/", "http://127.1/", "http://[fe80::1]/", "http://localhost@example.com:80/",
    ],
)  # fmt: skip
def test_elsewhere(url: str) -> None:
    assert leaves(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://:80/", "http://[::1/"])
def test_no_address_at_all(url: str) -> None:
    with pytest.raises(RuleError, match=r"s\.yml:3:\d+"):
        leaves(url)


def test_a_host_that_a_template_makes_is_looked_at_as_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "example.com")
    assert leaves("http://{{ env.TARGET }}/")
    monkeypatch.setenv("TARGET", "127.0.0.1")
    assert not leaves("http://{{ env.TARGET }}/")


def test_the_host_is_the_one_that_httpx_connects_to() -> None:
    (one,) = parse(TEXT % "http://127.0.0.1:80/", "s.yml")
    assert not loopback(host(parsed(one.trigger.call, "http://127.0.0.1\\@example.com/")))
