"""A piece of text is looked for among the words of all files, and no file that has it is passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callcheck.sources.code.words import Words

FILES = {
    "a.js": b"queue.close();  // unsubscribeAll\n",
    "b.py": b"def resume_later(job):\n    job.disclose()\n",
    "c.ts": "const größe = $get(on);\n".encode(),
}


def _words(files: dict[str, bytes]) -> Words:
    return Words(files, files.__getitem__)


def test_a_piece_of_a_word_is_found_in_each_file_that_has_one() -> None:
    words = _words(FILES)
    assert words.holding_one(["close("]) == {"a.js", "b.py"}
    assert words.holding_one(["resume", "$get("]) == {"b.py", "c.ts"}
    assert words.holding_one(["subscribe"]) == {"a.js"}
    assert words.holding_one(["paid"]) == set()


def test_what_is_too_short_to_tell_may_be_anywhere() -> None:
    assert _words(FILES).holding_one(["on(", "}"]) == set(FILES)


@given(st.lists(st.text(alphabet="abc$_. (é\n", max_size=30), max_size=5), st.text(alphabet="abc$_. (é", min_size=1, max_size=6))
def test_no_file_that_has_the_text_is_left_out(written: list[str], text: str) -> None:
    files = {f"{number}.js": each.encode() for number, each in enumerate(written)}
    having = {name for name, each in files.items() if text.encode() in each}
    assert having <= _words(files).holding_one([text])
