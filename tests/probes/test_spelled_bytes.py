"""A signature over the text of bytes is told, and not one over bytes or over what was decoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.spelled_bytes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FLASK = "import hmac\nfrom flask import request\ndef hook():\n"
ASYNC = "import hmac\nasync def hook(request):\n    body = await request.body()\n"
DIGEST = "    return hmac.new(K, %s, 'sha256').hexdigest() == request.headers['x-sig']\n"


def said(tmp_path: Path, text: str) -> list[str]:
    return [str(item.where) for item in look(tmp_path, {"a.py": text})]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (FLASK + DIGEST % "f'v0:{request.get_data()}'.encode()", "a.py:4"),
        (FLASK + DIGEST % "str(request.data).encode()", "a.py:4"),
        (ASYNC + "    text = f'{T}{body}'\n" + DIGEST % "text.encode()", "a.py:4"),
        ("import hmac\ndef hook(request):\n    body = str(request.body)\n" + DIGEST % "('v0:' + body).encode()", "a.py:3"),
    ],
    ids=["Flask", "str", "a name", "put together"],
)
def test_bytes_that_are_spelled_out(tmp_path: Path, text: str, at: str) -> None:
    assert said(tmp_path, text) == [at]


@pytest.mark.parametrize(
    "text",
    [
        FLASK + DIGEST % "request.get_data()",
        FLASK + DIGEST % "f'v0:{request.get_data(as_text=True)}'.encode()",
        FLASK + "    print(f'got {request.data}')\n" + DIGEST % "request.data",
        ASYNC + "    body = body.decode()\n" + DIGEST % "f'{T}{body}'.encode()",
        ASYNC + DIGEST % "str(body, 'utf-8').encode()",
        "import hmac\ndef hook(request):\n" + DIGEST % "f'{request.data}'.encode()",
    ],
    ids=["bytes", "as text", "a log", "decoded", "with an encoding", "another framework"],
)
def test_bytes_and_what_was_decoded(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []
