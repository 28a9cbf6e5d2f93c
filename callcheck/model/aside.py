"""Does a file stand beside the app: a test, an example, a script?"""

from __future__ import annotations

_FOLDERS = frozenset({"tests", "test", "testing", "migrations", "docs", "doc", "examples", "example", "benchmarks", "scripts"})
_NAMES = frozenset({"conftest.py", "tests.py", "setup.py", "noxfile.py"})


def is_test(path: str) -> bool:
    """Whether a file is a test, an example or a migration by its name."""
    *folders, base = path.split("/")
    return not _FOLDERS.isdisjoint(folders) or base.startswith("test_") or base.endswith("_test.py") or base in _NAMES
