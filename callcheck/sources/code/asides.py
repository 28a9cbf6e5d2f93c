"""Which source files only test others? On a big tree nobody has to read them: what they register or send, no user waits for."""

from __future__ import annotations

from callcheck.model.pattern import pattern

_TEST = pattern(
    r"(?:^|/)(?:tests?|testing|__tests__|__mocks__|__snapshots__|__fixtures__|e2e|cypress|playwright|spec|specs)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_test|tests|conftest)\.py$"
    r"|\.(?:test|spec|stories|cy|e2e|bench)\.[a-z]+$"
)


def is_only_test(path: str) -> bool:
    """Whether a file is a test, or serves tests alone, by its name relative to the target."""
    return _TEST.search(path) is not None
