"""A block of `with` leaves a stream unread where its name is asked for a few things at most."""

from __future__ import annotations

import pytest

from callcheck.sources.code.entered import left_unread

HEAD = "from openai import OpenAI\nc = OpenAI()\ndef f(h):\n    "


def said(code_of, body: str) -> list[bool]:
    code = code_of({"a.py": HEAD + body})
    return [left_unread(call) for call in code.project.calls("stream")]


@pytest.mark.parametrize(
    "body",
    [
        "with c.responses.stream() as s:\n        print('on')",
        "with c.responses.stream():\n        pass",
        "with c.responses.stream() as s:\n        print(s.request_id)\n        log.info('%s', s)",
        "with open('a') as a, c.responses.stream() as s:\n        for line in a: print(line)",
    ],
)
def test_a_block_that_reads_nothing(code_of, body: str) -> None:
    assert said(code_of, body) == [True]


@pytest.mark.parametrize(
    "body",
    [
        "with c.responses.stream() as s:\n        for e in s: print(e)",
        "with c.responses.stream() as s:\n        s.until_done()",
        "with c.responses.stream():\n        h.until_done()",
        "with c.responses.stream() as s:\n        return s",
        "with c.responses.stream() as s:\n        show(s)",
        "with c.responses.stream() as self.s:\n        pass",
        "with c.responses.stream() as s:\n        list(map(show, s))",
        "s = c.responses.stream()",
    ],
)
def test_a_block_that_reads_or_hands_it_on(code_of, body: str) -> None:
    assert said(code_of, body) == [False]
