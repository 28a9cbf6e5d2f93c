"""How long do `--version` and a first finding take, as ratios to `python -c pass` in the same rounds?

    python tests/benchmarks/startup.py [ROUNDS]

Prints medians of wall and of CPU time, of which the second is to be trusted on a busy machine; asserts nothing. What a run this short
found is not kept for the next one, so every round looks anew.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "fixtures" / "guide" / "report-callback" / "broken"


def _folder(place: Path) -> Path:
    """A folder of ten files, one of them with a finding."""
    for file in BROKEN.rglob("*"):
        if file.is_file():
            target = place / file.relative_to(BROKEN)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    for number in range(10 - sum(1 for f in place.rglob("*") if f.is_file())):
        (place / f"part{number}.ts").write_text("export const part = () => 1;\n")
    return place


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        place = _folder(Path(folder))
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--version": [sys.executable, "-m", "callcheck", "--version"],
            "first finding": [sys.executable, "-m", "callcheck", "diagnose", ".", "--format", "json"],
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                began, used = time.perf_counter(), _used()
                subprocess.run(command, cwd=place, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin", "HOME": str(Path.home())}, capture_output=True, check=False)
                if number:  # the first round fills the caches
                    times[name].append((time.perf_counter() - began, _used() - used))
    peer = _medians(times["python -c pass"])
    for name, taken in times.items():
        wall, cpu = _medians(taken)
        print(f"{name:<16} {1000 * wall:7.1f} ms  {wall / peer[0]:5.2f} x   CPU {1000 * cpu:7.1f} ms  {cpu / peer[1]:5.2f} x")


def _used() -> float:
    """CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in taken), statistics.median(cpu for _, cpu in taken)


if __name__ == "__main__":
    main()
