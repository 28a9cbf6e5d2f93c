"""Equal to what the upload action computes. The digests were taken from its own code (github/codeql-action, src/fingerprints.ts, November 2026), run by Node."""

from __future__ import annotations

import hashlib
import random

import pytest

from callcheck.report.line_hashes import line_hashes


def _by_chance() -> str:
    """A thousand lines with blanks, characters beyond the basic plane, and every end of a line there is."""
    chance = random.Random(7)
    letters = "abcdefgh(){};= \t\"'0123456789éß漢😀"
    return "".join("".join(chance.choice(letters) for _ in range(chance.randint(0, 160))) + chance.choice(["\n", "\n", "\n", "\r\n", "\r", "\r \n"]) for _ in range(1000))


@pytest.mark.parametrize(
    ("text", "count", "digest"),
    [
        (_by_chance(), 1172, "3b916dec2c41ad33ac9f98e6717f9bc321e8ba7b9215fb2a5d2f97795c291d80"),
        ("x = 1\n" * 300, 301, "74c91bb6410f07a3cd319e4b3295618c27e5c49d6339cbd9c144abec8b3af058"),
        ("a\n\n  b", 3, "1554b8861e42c4be881664169f86dcf3b5b4fc68292bb3387d52d2e3ac3b6359"),
        ("", 1, "f120fb8d1103e49b552ec4bcc56e887515fff48b19ce19aec90c2d01a9979f53"),
    ],
    ids=["by chance", "the same line", "no last end", "empty"],
)
def test_every_line_has_the_hash_of_the_upload_action(text: str, count: int, digest: str) -> None:
    hashes = line_hashes(text)
    assert len(hashes) == count
    assert hashlib.sha256("\n".join(hashes).encode()).hexdigest() == digest
