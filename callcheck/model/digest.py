"""How is a text told from others, on another day too? By its SHA-256, without OpenSSL.

`hashlib` loads OpenSSL to offer two dozen digests, which takes a quarter of the time that Python itself needs to start. Python has its own
SHA-256 beside it (`random` in the standard library takes its SHA-512 from there, for the same reason).
"""

from __future__ import annotations

import functools
import importlib
from typing import Any


@functools.cache
def _sha256() -> Any:
    for module in ("_sha2", "_sha256"):  # from Python 3.12 on, and before
        try:
            return importlib.import_module(module).sha256
        except ImportError:
            continue
    return importlib.import_module("hashlib").sha256


def digest(text: str) -> str:
    """64 hexadecimal digits."""
    return str(_sha256()(text.encode("utf-8", "backslashreplace")).hexdigest())
