"""The digest of a text is its SHA-256, whoever works it out."""

from __future__ import annotations

import hashlib

from callcheck.model.digest import digest, number


def test_it_is_the_sha_256_of_the_text() -> None:
    for text in ("", "a\0b", "é" * 100):
        assert digest(text) == hashlib.sha256(text.encode()).hexdigest()
    assert digest("\ud800") == hashlib.sha256(b"\\ud800").hexdigest()


def test_its_number_is_blake2_s_and_none_for_no_text() -> None:
    for text in ("a", "é" * 100):
        assert number(text) == int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    assert number("") == 0
