"""What comes from outside can neither steer a terminal nor carry a secret."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcheck.model.printable import LIMIT, clean, printable, redact

STEERING = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

# Put together here, so that no scanner takes this file for a leak.
BODY = "aB3dE5fG7hJ9kL1mN3pQ5rS7"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTYifQ" + ".s5Kz8dQ2fJ0w"
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEow" + BODY + "\n-----END RSA PRIVATE " + "KEY-----"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x1b]52;c;cGF5\x07", "\\x1b]52;c;cGF5\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("\x90q", "\\x90q"),
        ("ERROR\rOK", "ERROR\\x0dOK"),
        ("a\x08b", "a\\x08b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("do\u200bne", "do\\u200bne"),
        ("\ufeffx", "\\ufeffx"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_steers_a_terminal_or_fools_an_eye_becomes_visible(raw: str, shown: str) -> None:
    assert printable(raw) == shown
    assert clean(raw) == shown


@pytest.mark.parametrize("text", ["Grüße, 東京 ✓ 🎉", "emitter.on('done', fn)", "[/api] [bold :smile:"])
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    assert clean(text) == text


def test_an_excerpt_is_one_line_of_bounded_length() -> None:
    assert clean("a\nb\tc\r\n") == "a\\nb  c"
    assert len(clean("x" * 10_000_000)) == LIMIT
    assert clean("x" * LIMIT) == "x" * LIMIT


@given(st.text(max_size=600))
def test_no_text_whatever_gets_through_unprintable(text: str) -> None:
    assert not STEERING.search(clean(text))
    assert len(clean(text)) <= LIMIT


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f'"apiKey": "{BODY}"', BODY),
        (f'{{\\"apiKey\\":\\"{BODY}\\"}}', BODY),
        (f"const apiKey = '{BODY}'", BODY),
        (f"API_KEY={BODY}", BODY),
        (f"export STRIPE_SECRET_KEY={BODY}", BODY),
        (f"client_secret: '{BODY}'", BODY),
        (f"password = \"{BODY}\"", BODY),
        (f"Authorization: Bearer {BODY}", BODY),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        (f"cookie={JWT}", JWT),
        ("//registry.example.com/:_authToken=npm_Zq3vT8bK1mXw5rLp9dGc2hNs7fJy4aUe6oQi", "Zq3vT8bK1mXw5rLp9dGc"),
        ("upload with pypi-AgEIcHlwaS5vcmcCJGQ4NzY1", "IcHlwaS5vcmcCJGQ4NzY1"),
        ("postgres://app:hunter2horse@db:5432/app", "hunter2horse"),
        ("redis://:hunter2horse@cache:6379", "hunter2horse"),
        ("aws AKIA" + "IOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
        (f"key sk-proj-{BODY}", BODY),
        (f"sk_live_{BODY}", BODY),
        (f"ghp_{BODY}", BODY),
        (f"xoxb-123456789012-{BODY}", BODY),
        (f"whsec_{BODY}", BODY),
        (PEM, BODY),
    ],
)
def test_a_secret_is_masked(line: str, secret: str) -> None:
    assert secret not in clean(line)
    assert "[" in clean(line)
    assert secret not in redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "token: string",
        "  token: string;",
        "const key = event.key",
        "vendor/npm-parse-server@9.10.0/lib/Error.js",
        "pypi-apache-superset-helpers",
        "const apiKey = process.env.OPENAI_API_KEY",
        "api_key = os.environ['OPENAI_API_KEY']",
        "if (token === expected) return next()",
        "const token = await getToken(user)",
        "password: str | None = None",
        "app.use(session({ secret: process.env.SECRET }))",
        "emitter.on('token', handler)",
        "def verify(token: str, secret: bytes) -> bool:",
        "http://localhost:3000/callback",
        "https://example.com:8443/hooks/agent",
        "max_tokens=4096",
        "for await (const token of stream) send(token)",
        "skip-probe: [processes]",
    ],
)
def test_an_ordinary_line_of_code_stays_as_it_is(line: str) -> None:
    assert clean(line) == line


def test_what_is_around_a_secret_stays_readable() -> None:
    assert clean("connect postgres://app:hunter2horse@db:5432/app") == "connect postgres://app:[redacted]@db:5432/app"


@pytest.mark.parametrize("text", ["://" * 3000, "a_" * 5000, "eyJ" * 4000, "-----BEGIN PRIVATE KEY" * 500, "key=" * 3000])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    import time

    began = time.perf_counter()
    clean(text)
    assert time.perf_counter() - began < 1
