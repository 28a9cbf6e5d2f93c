"""How is a text told from others, on another day too? By its SHA-256 or, as a number, by its BLAKE2, without OpenSSL.

`hashlib` loads OpenSSL to offer two dozen digests, which takes a quarter of the time that Python itself needs to start. Python has its own
SHA-256 and BLAKE2 beside it (`random` in the standard library takes its SHA-512 from there, for the same reason).
"""

from __future__ import annotations

import functools
import importlib
from typing import Any


@functools.cache
def _own(name: str, *modules: str) -> Any:
    """Python's own digest of the name, where one of these modules has it."""
    for module in modules:
        try:
            return getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError):
            continue
    return getattr(importlib.import_module("hashlib"), name)


def digest(text: str) -> str:
    """64 hexadecimal digits."""
    sha256 = _own("sha256", "_sha2", "_sha256")  # from Python 3.12 on, and before
    return str(sha256(text.encode("utf-8", "backslashreplace")).hexdigest())


def number(text: str) -> int:
    """One of 2^64 numbers; 0 for no text."""
    blake2b = _own("blake2b", "_blake2")
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") if text else 0
