"""Our modules come out of one file as long as none of ours changes, and a file that is not to be trusted is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAYING = (
    "import json, sys\n"
    "sys.argv[1:] = ['diagnose', '.', '--format', 'json']\n"
    "from callcheck.__main__ import main\n"
    "main()\n"
    "kept = sum(type(m.__spec__.loader).__name__ == 'KeptModules' for n, m in sys.modules.items() if n.startswith('callcheck.') and m.__spec__)\n"
    "print(json.dumps([kept, sum(type(each).__name__ == 'KeptModules' for each in sys.meta_path)]), file=sys.stderr)\n"
)


class Tool:
    """A copy of callcheck with a cache folder of its own."""

    def __init__(self, place: Path) -> None:
        self.package = place / "tool" / "callcheck"
        self.cache = place / "cache"
        self._app = place / "app"
        self._app.mkdir()
        (self._app / "bus.js").write_text("import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\nbus.on('paid', () => {});\n")
        shutil.copytree(ROOT / "callcheck", self.package)
        (place / "tool" / "rules").symlink_to(ROOT / "rules")

    def run(self) -> tuple[dict[str, object], int]:
        """The report, and how many modules came out of the file."""
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.package.parent), "XDG_CACHE_HOME": str(self.cache)}
        done = subprocess.run([sys.executable, "-c", SAYING], cwd=self._app, env=env, capture_output=True, text=True, check=True)
        kept, left = json.loads(done.stderr.splitlines()[-1])
        assert left == 0, "the finder stays behind"
        report: dict[str, object] = json.loads(done.stdout)
        return report, kept

    @property
    def file(self) -> Path:
        (found,) = (self.cache / "callcheck").glob("modules-*")
        return found


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    made = Tool(tmp_path_factory.mktemp("kept"))
    assert made.run()[1] == 0
    return made


def test_a_second_run_takes_its_modules_out_of_the_file_and_says_the_same(tool: Tool) -> None:
    first, kept = tool.run()
    assert kept > 80
    second, _ = tool.run()
    assert first["diagnoses"] == second["diagnoses"]
    assert tool.file.stat().st_mode & 0o777 == 0o600


def test_a_change_of_our_own_code_counts_at_once(tool: Tool) -> None:
    tool.run()
    listeners = tool.package / "probes" / "listeners.py"
    listeners.write_text(listeners.read_text().replace('name = "listeners"', 'name = "ears"'))
    report, kept = tool.run()
    assert kept == 0
    assert "ears" in {look["probe"] for look in report["looked"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize("left", [0, 1000, 1_000_000])
def test_a_file_that_was_cut_short_costs_time_alone(tool: Tool, left: int) -> None:
    tool.run()
    tool.file.write_bytes(tool.file.read_bytes()[:left])
    assert tool.run()[1] == 0
    assert tool.run()[1] > 80
