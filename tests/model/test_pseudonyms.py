"""Names become tokens: the same value the same one everywhere, code stays code."""

from __future__ import annotations

import time

import pytest

from callcheck.model.pseudonyms import Pseudonyms, alike


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("web-7d9f8c6b54-x2x1z user=alice@shop.test 203.0.113.9 refused", "pod-1 user=email-1 ip-1 refused"),
        ("Nov 20 10:15:03 prod-7 app[12]: session=f2cf575f06 idle", "Nov 20 10:15:03 host-1 app[12]: session=id-1 idle"),
        ("connect postgres://app:[redacted]@db.corp.acme.com:5432/app", "connect postgres://app:[redacted]@host-1:5432/app"),
        ('{"_HOSTNAME":"prod-7","userId":"u_1","pid":44}', '{"_HOSTNAME":"host-1","userId":"user-1","pid":44}'),
        ("task[dec90236-3f78-43fb-abd6-9577df084a60] received", "task[id-1] received"),
        ("10.0.0.3:443 127.0.0.1:80 fe80::1ff ::1", "private-ip-1:443 127.0.0.1:80 private-ip-2 ::1"),
        ("sms to +49 170 1234567 sent", "sms to phone-1 sent"),
        ("/home/alice/app /home/node/app", "/home/user-1/app /home/node/app"),
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736 ends", "trace id-1 ends"),
        ("user 42 logged in, user came back", "user user-1 logged in, user came back"),
    ],
)
def test_what_tells_whose_system_it_is_becomes_a_token(line: str, shown: str) -> None:
    assert Pseudonyms().log(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "bus.on('order.created', (user) => res.write(user.id))",
        "if (x === user.name) { emitter.emit('done') }",
        "const id = req.params.id, session = req.session;",
        "at src/bus.ts:12:30, version 1.2.3, std::map a::b 12:30:45.123",
        "REDIS_URL: redis://redis:6379",
        "fetch('http://localhost:3000/hooks')",
        "openai.OpenAI(base_url='https://api.openai.com/v1')",
        "@app.post('/webhooks/stripe')",
        "commit 9f2c4e1d0b7a8c6e5f4d3c2b1a0f9e8d7c6b5a49",
    ],
)
def test_code_stays_as_it_is(line: str) -> None:
    assert Pseudonyms().code(line) == line


def test_the_same_value_is_the_same_token_wherever_it_stands() -> None:
    names = Pseudonyms()
    first = names.log("user=alice2 from 203.0.113.9")
    again = names.log("203.0.113.9: login=alice2, then bob7 as user=bob7")
    assert first == "user=user-1 from ip-1"
    assert again == "ip-1: login=user-1, then user-2 as user=user-2"
    assert names.host("api.acme.com:443") == "host-1:443"
    assert names.code("https://api.acme.com/x") == "https://host-1/x"
    assert names.counts == {"user": 2, "ip": 1, "host": 1}


def test_a_name_that_a_key_gave_away_is_known_where_it_stands_alone() -> None:
    names = Pseudonyms()
    assert names.log("user=carla.b signs in") == "user=user-1 signs in"
    assert names.log("mail to carla.b, not to carla.bx") == "mail to user-1, not to carla.bx"
    assert names.code("const carla = b;") == "const carla = b;"
    names.host("llm.openai.azure.com")
    names.log("user=worker of https://socket.io/docs")
    assert names.log("worker uses socket.io") == "worker uses socket.io"
    assert names.code("// see llm.openai.azure.com") == "// see host-1"


def test_a_token_tells_nothing_of_its_value() -> None:
    assert Pseudonyms().log("user=alice2") == Pseudonyms().log("user=zoe9")


def test_what_two_systems_say_of_different_names_is_alike() -> None:
    assert alike("pod web-7d9f8c6b54-x2x1z of 10.0.0.3") == alike("pod web-5c8f7b9d64-9kq7w of 10.0.0.9") == alike("pod pod-3 of private-ip-8")


@pytest.mark.parametrize("text", ["a" * 1200, "a-" * 600, "a." * 600, "1" * 1200, ":" * 1200, "a=" * 600, "x@" * 600, "//a:" * 300, "user " * 240])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    began = time.perf_counter()
    Pseudonyms().log(text)
    assert time.perf_counter() - began < 0.5
