"""Is the same found without hyperscan, with google-re2 or with Python alone, and is it said that it takes longer?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcheck.sources.logs.anchors import Anchor
from callcheck.sources.logs.finder import Finder
from callcheck.sources.logs.unaided import Unaided

ROOT = Path(__file__).resolve().parents[3]
READ = """
import sys
from importlib.abc import MetaPathFinder

class Blocked(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ImportError(f"{name} is blocked")
        return None

sys.meta_path.insert(0, Blocked())

import json
from pathlib import Path
from tests.sources.logs.test_merging import KNOWN, said
from callcheck.sources.logs.finder import finders
from callcheck.sources.logs.reading import Reading

assert sys.argv[1] == "nothing" or "hyperscan" not in sys.modules
found = {"engine": finders(KNOWN).every.engine}
for case in sorted(Path("fixtures/logs").glob("*/broken/")):
    files = sorted(path for path in case.rglob("*") if path.suffix in (".log", ".jsonl"))
    for long in (0, 8_000_000):
        summary = Reading(files, None, KNOWN, case, long=long).summary()
        found[f"{case} {long}"] = [repr(item) for item in said(summary)]
        found[f"{case} {long} why"] = sorted({why for lost in summary.lost for why in lost.why.split("; ")})
print(json.dumps(found))
"""


def read(blocked: str, folder: Path) -> dict[str, list[str]]:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))), "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run([sys.executable, "-c", READ, blocked], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is read with hyperscan."""
    pytest.importorskip("hyperscan")
    found = read("nothing", tmp_path_factory.mktemp("kept"))
    assert found.pop("engine") == "hyperscan"
    return found


def test_all_logs_say_the_same_without_hyperscan_and_that_it_is_slow_is_said(fast: dict[str, list[str]], tmp_path: Path) -> None:
    slow = read("hyperscan,re2", tmp_path)
    assert slow.pop("engine") == ""
    assert fast.keys() == slow.keys()
    assert sum(bool(items) for key, items in fast.items() if "why" not in key) > 30
    for key, items in fast.items():
        if not key.endswith("why"):
            assert slow[key] == items, key
    told = [key for key, reasons in slow.items() if "slowly, since hyperscan is not installed (pip install hyperscan, or google-re2)" in reasons]
    assert len(told) > 20
    assert all(" 0 why" in key for key in told)  # a short log is read whole, as fast as ever
    assert not any("slowly" in reason for key, reasons in fast.items() if key.endswith("why") for reason in reasons)


def test_with_re2_they_say_the_same_too(fast: dict[str, list[str]], tmp_path: Path) -> None:
    pytest.importorskip("re2", reason="google-re2 is not installed")
    other = read("hyperscan", tmp_path)
    assert other.pop("engine") == "google-re2"
    for key, items in fast.items():
        if not key.endswith("why"):
            assert other[key] == items, key
    assert any("slowly, with google-re2, since hyperscan" in reason for items in other.values() for reason in items)


TEXTS = [Anchor("aba", True, True), Anchor("ba", False, True), Anchor('"l":5', True, True), Anchor("Error: ", True, True), Anchor("refused", False, False)]
BITS = ["a", "b", "aba", "BA", '"l":5', "Error: ", "refused", "ReFused", " ", "\n", "é", "x" * 200]


@pytest.mark.parametrize("once", [False, True])
@settings(max_examples=60, deadline=None)
@given(bits=st.lists(st.sampled_from(BITS), max_size=300), piece=st.sampled_from((1, 7, 64, 16_384)))
def test_any_pieces_give_the_same_hits(bits: list[str], piece: int, once: bool) -> None:
    pytest.importorskip("hyperscan")
    data = "".join(bits).encode()
    finder, unaided = Finder(TEXTS, once=once), Unaided(TEXTS, once)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("callcheck.sources.logs.unaided._PIECE", piece)
        assert sorted(unaided.find(data, 16)) == finder.find(data, 0, len(data))
