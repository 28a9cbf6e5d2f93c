"""Are lines of one statement known by their words, and which of these vary?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.templates import Kind, kinds_of
from callcheck.sources.logs.trails import Step


def kinds(*lines: str) -> list[Kind]:
    """Each line with its stage before a bar."""
    said = [line.partition("|") for line in lines]
    return kinds_of(Step(stage, "web-1", float(n), n, Place("a.log", n, n), frozenset(), text) for n, (stage, _, text) in enumerate(said))


def told(*lines: str) -> list[str]:
    return [" ".join("*" if n in kind.varies else word for n, word in enumerate(kind.words)) for kind in kinds(*lines)]


def test_what_varies_may_be_a_word_as_any_other() -> None:
    assert told("|fan out on grill", "|fan out on fry", "|fan out on bar", "|cache warmed in 40 ms") == ["fan out on *", "cache warmed in 40 ms"]


def test_a_key_is_the_same_whatever_stands_behind_it() -> None:
    assert told("|publish topic=a ward=icu", "|publish topic=a ward=onc") == ["publish topic=a *"]


def test_messages_of_a_structured_log_are_told_apart_by_their_words() -> None:
    assert len(told("|msg=joined conn=7 topic=a", "|msg=left conn=7 topic=a")) == 2


def test_words_of_two_stages_are_of_two_statements_but_that_one_may_tell_nobody() -> None:
    assert told("emitted|sent goal to a", "handled|sent goal to b") == ["sent goal to a", "sent goal to b"]
    assert told("handled|goal pushed to 3 clients", "unknown|goal pushed to 0 clients") == ["goal pushed to * clients"]


def test_a_number_of_few_digits_is_a_name_together_with_the_word_before_it() -> None:
    (kind,) = kinds("|joined room 7 conn=71", "|joined room 9 conn=72001")
    assert [[kind.value(row, n) for n in (2, 3)] for row in kind.rows] == [["room=7", "conn=71"], ["room=9", "72001"]]


def test_a_number_behind_msg_is_no_text() -> None:
    assert told("|notify member=anna msg=41200", "|notify member=bela msg=41203") == ["notify * *"]
