"""Do the libraries' own test-suites say the same with and without the Python agent? A command; lists each test whose outcome differs.

    python tests/observers/python/differential.py SOURCE [TESTS ...] [--python BINARY] [--repeat 2]

SOURCE is an unpacked source distribution of Django, or of a library that is tested with pytest (pyee, blinker, Flask, Starlette), of the version that
BINARY has installed (`pip download --no-binary :all: --no-deps NAME==VERSION`). All its tests run bare, then with the agent; those that differ run both ways again and count only if they differ each time.
TESTS are what the suite's own runner takes; without any, all, but of Django's those of DJANGO.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from callcheck.sources.observe.environment import AGENTS, RECORDING

DJANGO = (
    "dispatch signals async handlers wsgi asgi middleware middleware_exceptions test_client test_client_regress requests_tests signed_cookies_tests"
    " servers view_tests urlpatterns logging_tests signing sessions_tests httpwrappers builtin_server responses get_or_create delete select_for_update"
).split()
_PYTEST = re.compile(r"^(\S+::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)", re.M)
_UNITTEST = re.compile(r"^(test\w* \([\w.]+\))(?:\n.*)?? \.\.\. (?:.*?)(ok|FAIL|ERROR|skipped|expected failure)\b", re.M)


def outcomes(python: str, source: Path, tests: list[str], agent: bool) -> dict[str, str]:
    """The outcome of each test, by its name; "" holds the runner's exit status."""
    with tempfile.TemporaryDirectory(prefix="callcheck-differential-") as folder:
        environ = {key: value for key, value in os.environ.items() if key not in (RECORDING, "PYTHONPATH")}
        if agent:
            environ |= {RECORDING: folder, "PYTHONPATH": str(AGENTS / "python")}
        django = (source / "tests" / "runtests.py").exists()
        command = ["runtests.py", "-v2", "--parallel=1", *(tests or DJANGO)] if django else ["-m", "pytest", "-v", "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function", "--continue-on-collection-errors", *(tests or ["tests"])]
        ended = subprocess.run([python, *command], cwd=source / "tests" if django else source, env=environ, capture_output=True, text=True, check=False)
        found = dict((_UNITTEST if django else _PYTEST).findall(ended.stdout + ended.stderr))
        if agent and not any(Path(folder).iterdir()):
            sys.exit("the agent wrote nothing: it did not run")
    if not found:
        sys.exit(f"no test ran:\n{(ended.stdout + ended.stderr)[-2000:]}")
    return {**found, "": str(ended.returncode)}


def main() -> None:
    """Compare, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--repeat", type=int, default=2)
    chosen = parser.parse_args()
    differing: set[str] | None = None
    for _ in range(chosen.repeat):
        bare, seen = (outcomes(chosen.python, chosen.source, chosen.tests, agent) for agent in (False, True))
        apart = {name for name in bare.keys() | seen.keys() if bare.get(name) != seen.get(name)}
        differing = apart if differing is None else differing & apart
        if not differing:
            break
    counted = collections.Counter(outcome for name, outcome in bare.items() if name)
    print(f"{len(bare) - 1} tests bare: {dict(counted)}; {len(bare) - 1 - len((differing or set()) - {''})} the same with the agent")
    for name in sorted(differing or ()):
        print(f"  {name or 'exit status'}: bare {bare.get(name)}, with the agent {seen.get(name)}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
