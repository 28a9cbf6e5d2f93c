"""Does a file stand beside the app: a test, an example, a script?"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_FOLDERS = frozenset({"tests", "test", "testing", "migrations", "migration", "docs", "doc", "examples", "example", "benchmarks", "scripts"})
_NAMES = frozenset({"conftest.py", "tests.py", "setup.py", "noxfile.py"})


_TEST = pattern(
    r"(?:^|/)(?:tests?|testing|__tests__|__mocks__|__snapshots__|__fixtures__|e2e|cypress|playwright|spec|specs)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_test|tests|conftest)\.py$"
    r"|\.(?:test|spec|stories|cy|e2e|bench)\.[a-z]+$"
)


def is_test(path: str) -> bool:
    """Whether a file is a test, an example or a migration by its name."""
    *folders, base = path.split("/")
    return not _FOLDERS.isdisjoint(folders) or base.startswith("test_") or base.endswith("_test.py") or base in _NAMES or is_only_test(path)


def is_only_test(path: str) -> bool:
    """Whether a file is a test, or serves tests alone, by its name relative to the target."""
    return _TEST.search(path) is not None
