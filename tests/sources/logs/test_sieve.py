"""Does the sieve let through whatever a pattern or signature would find, and stop much of the rest?"""

from __future__ import annotations

import re

import pytest

from callcheck.model.log import Place, Record
from callcheck.model.pattern import made, rare
from callcheck.sources.logs import summary
from callcheck.sources.logs.sieve import ALL, Sieve
from callcheck.sources.logs.view import View
from tests.tools.shipped import shipped_logs

KNOWN = shipped_logs()
PATTERNS = made[:400]
"""Those of the trackers and rules; what other tests make is none of them."""
SAMPLES = [
    sample for rule in (*KNOWN.signatures, *KNOWN.boundaries) for sample in (*rule.samples, *rule.not_samples)
]
LINES = [
    *SAMPLES,
    *(sample.upper() for sample in SAMPLES[::7]),
    "Händler für order.paid angemeldet: listener bereit",
    "K\u212ailled: RETRY\u017f left",
    'GET /socket.io/?sid=abcdefgh1000 HTTP/1.1" 400',
    "scheduler tick late by 4200 ms, queue depth=3",
]


def made_sieve(texts: tuple[str, ...] = ()) -> Sieve:
    assert summary.TRACKERS  # all trackers and their patterns are there
    return Sieve(list(texts))


def test_what_a_pattern_finds_is_let_through() -> None:
    sieve = made_sieve()
    stopped = asked = 0
    for line in LINES:
        view = View(Record(Place("a.log", 1, 1), line), sieve=sieve)
        assert view.may != ALL
        for each in PATTERNS:
            found = re.compile(*each.given).search(line, 0, 600)
            got = view.find(each, 600)
            assert (got and got.group()) == (found and found.group()), (each.given, line)
            assert view.says(each, 600) == bool(found), (each.given, line)
            asked += 1
            stopped += not view.can(each)
    assert stopped > 0.7 * asked


def test_the_texts_of_signatures_are_found_as_without_it() -> None:
    texts = tuple({text for sign in KNOWN.signatures for text in sign.contains} | {"-> 0", "ok"})
    sieve = made_sieve(texts)
    for line in LINES:
        _, let = sieve.of(line.lower() if line.isascii() else line.casefold())
        assert sorted(text for text in let if text in line) == sorted(text for text in texts if text in line)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("handled order.paid order=7123 in 42 ms", "handled order.paid order=9001 in 17 ms"),
        ("[web-1] published 'a 1 b' to rooms/12 of 30", "[web-2] published 'a 3 b' to rooms/77 of 31"),
    ],
)
def test_lines_that_differ_in_their_digits_are_read_once(one: str, other: str) -> None:
    sieve = made_sieve()
    views = [View(Record(Place("a.log", n, n), text), sieve=sieve) for n, text in enumerate((one, other, one), 1)]
    assert views[0].stencil is views[1].stencil
    for text, view in zip((one, other, one), views, strict=True):
        alone = View(Record(Place("a.log", 1, 1), text))
        for event in ("", "order.paid", "rooms/12"):
            assert view.shape(event) == alone.shape(event)
        assert view.template == alone.template


def test_a_pattern_that_has_no_word_of_its_own_is_always_searched_for() -> None:
    each = rare(r"\d+ ok", re.I)
    sieve = made_sieve()
    view = View(Record(Place("a.log", 1, 1), "12 OK"), sieve=sieve)
    assert each.need == 0  # type: ignore[attr-defined]
    assert view.find(each, 100)


def test_a_second_sieve_in_the_same_process_lets_through_what_the_first_one_did() -> None:
    texts = ("-> 0", "<--  [400]", "connection refused")
    first, second = made_sieve(texts), made_sieve(texts)
    for line in ("-> 0", "post /x <--  [400]", "connection refused by 10.0.0.3"):
        assert first.of(line)[1] == second.of(line)[1] != []
