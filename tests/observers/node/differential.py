"""Does Node's own test-suite say the same with and without the agent? A command; lists each test file whose outcome differs.

    python tests/observers/node/differential.py SOURCE [--node BINARY] [--group events --group process ...] [--jobs 2] [--repeat 2] [--every 1]

SOURCE is an unpacked source tree of the Node version that is installed (its `test/` is what is needed; Debian's source package has it). Each file of
test/parallel and test/sequential of the groups runs bare, then with the agent; a file whose exit status differs runs both ways again (`--repeat` times) and
counts as different only if the answers stay apart. `--every 5` takes each fifth file.

What differs in Node.js 20.20, and why:

    parallel/test-bootstrap-modules.js     asserts which of its own modules a Node.js without a script has loaded; the agent loads diagnostics_channel, streams and perf_hooks
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AGENT = Path(__file__).parents[3] / "callcheck" / "observers" / "node" / "agent.cjs"
GROUPS = {
    "events": "event|events|eventtarget|eventemitter",
    "process": "process|exit|signal|uncaught|unhandled|promises|promise|warn|domain|error|errors",
    "child": "child",
    "cluster": "cluster",
    "http": "http",
    "net": "net",
    "stream": "stream|stream2|stream3|streams|readable|writable|transform|duplex|pipe",
    "worker": "worker",
    "async": "async|asynclocalstorage|als",
    "diagnostics": "diagnostics|dc",
    "others": "timers|readline|fs|util|abortcontroller|performance|module|require|preload|esm|vm|bootstrap|global|messagechannel|messageport|broadcastchannel|fetch|websocket",
}


def files_of(source: Path, groups: list[str]) -> list[Path]:
    """The test files whose names begin with one of the groups' words."""
    words = "|".join(GROUPS.get(group, group) for group in groups)
    named = re.compile(rf"test-(?:{words})(?:-.*)?\.m?js$")
    return sorted(path for kind in ("parallel", "sequential") for path in (source / "test" / kind).glob("test-*js") if named.match(path.name))


def flags_of(path: Path) -> list[str]:
    """The flags that a test file asks for in its head."""
    found = re.search(r"^// Flags:(.*)$", path.read_text(encoding="utf-8", errors="replace"), re.M)
    return found.group(1).split() if found else []


def run(node: str, path: Path, worker: int, agent: bool, timeout_s: float = 60) -> int | str:
    """The exit status of one test file, or "timeout"."""
    with tempfile.TemporaryDirectory(prefix="callcheck-differential-") as folder:
        recording = Path(folder) / "recording"
        recording.mkdir()
        environ = {**os.environ, "TEST_THREAD_ID": str(worker), "NODE_TEST_DIR": folder, "NO_COLOR": "1"}
        environ.pop("NODE_OPTIONS", None)
        if agent:
            environ |= {"NODE_OPTIONS": f'--require "{AGENT}"', "CALLCHECK_RECORDING": str(recording)}
        command = [node, *flags_of(path), str(path)]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, cwd=path.parents[2], env=environ, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
            try:
                return process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                return "timeout"
            finally:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, 9)


def compare(node: str, path: Path, worker: int, repeat: int) -> tuple[Path, int | str, int | str]:
    """Both outcomes of one file; asked again while they differ, so that a test that fails now and then is not held against the agent."""
    bare, observed = run(node, path, worker, False), run(node, path, worker, True)
    for _ in range(repeat):
        if bare == observed:
            break
        again = run(node, path, worker, True)
        bare, observed = (bare, again) if again == bare else (run(node, path, worker, False), again)
    return path, bare, observed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--node", default=shutil.which("node"))
    parser.add_argument("--group", action="append")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    groups = given.group or list(GROUPS)
    files = files_of(given.source, groups)[:: given.every]
    with ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(lambda numbered: compare(given.node, numbered[1], numbered[0] % given.jobs, given.repeat), enumerate(files)))
    outcomes = collections.Counter("same" if bare == observed else "differs" for _, bare, observed in results)
    failing = sum(bare != 0 for _, bare, _ in results)
    for path, bare, observed in results:
        if bare != observed:
            print(f"differs: {path.parent.name}/{path.name}: {bare} bare, {observed} with the agent")
    print(f"{', '.join(groups)}: {len(results)} files, {failing} fail bare, {outcomes['same']} the same, {outcomes['differs']} differ")


if __name__ == "__main__":
    main()
