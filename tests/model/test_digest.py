"""The digest of a text is its SHA-256, whoever works it out."""

from __future__ import annotations

import hashlib

from callcheck.model.digest import digest


def test_it_is_the_sha_256_of_the_text() -> None:
    for text in ("", "a\0b", "é" * 100):
        assert digest(text) == hashlib.sha256(text.encode()).hexdigest()
    assert digest("\ud800") == hashlib.sha256(b"\\ud800").hexdigest()
