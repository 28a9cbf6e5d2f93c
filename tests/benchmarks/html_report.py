"""How long does the HTML report take to be written, to open and to be searched, with as many deliveries as it takes?

    python tests/benchmarks/html_report.py [--deliveries 20000] [--rounds 5]

First a log with so many deliveries is diagnosed with `--format json` and with `--format html`, in turn: the difference is what the page costs. Then
the page, and one with the most deliveries that it takes, are opened in Chromium: from the request to the second frame that is drawn, and from a
letter typed into the search to the second frame with what it finds. Printed are the least and the middle of all rounds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from callcheck.report.html import render
from tests.report import sample
from tests.tools.browser import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_SEARCH = """(async () => {
  const box = document.getElementById('lanes-find');
  const began = performance.now();
  box.value = WORD;
  box.dispatchEvent(new Event('input'));
  await FRAMES;
  return [performance.now() - began, document.getElementById('lanes-count').textContent];
})()""".replace("FRAMES", _FRAMES)


def write_log(path: Path, deliveries: int) -> None:
    """Orders that are awaited in one of four processes and emitted in another one or the same."""
    with path.open("w") as stream:
        for number in range(deliveries):
            second, listens, emits = number // 10, f"web-{number % 4}", f"web-{number * 7 // 3 % 4}"

            def line(instance: str, text: str, ms: int, second: int = second, number: int = number) -> str:
                return f"{instance:<8} | 2026-03-09 {8 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{ms:03d} INFO {text} order.paid order=o{number}\n"

            ms = number % 10 * 100
            stream.write(line(listens, "listening for", ms) + line(emits, "emitted", ms + 30))
            if listens == emits:
                stream.write(line(listens, "handled", ms + 60))


def diagnosed(log: Path, format: str) -> tuple[float, float]:
    """CPU seconds and MB of one run."""
    words = [sys.executable, "-m", "callcheck", "diagnose", log.name, "--no-cache", "--format", format, "--output", f"report.{format}"]
    process = subprocess.Popen(words, cwd=log.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def opened(page: Page, path: Path) -> float:
    """Milliseconds until it is drawn."""
    began = time.perf_counter()
    page.open(path)
    page.run(_FRAMES)
    return 1000 * (time.perf_counter() - began)


def told(name: str, values: list[float], unit: str) -> None:
    print(f"{name:<52} {min(values):8.2f} {unit} least, {statistics.median(values):8.2f} {unit} in the middle")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, made = folder / "app.log", folder / "made.html"
        write_log(log, given.deliveries)
        runs: dict[str, list[tuple[float, float]]] = {"json": [], "html": []}
        for _ in range(given.rounds):
            for format, found in runs.items():
                found.append(diagnosed(log, format))
        for format, found in runs.items():
            told(f"diagnose --format {format}, CPU", [cpu for cpu, _ in found], "s")
            told(f"diagnose --format {format}, memory", [memory for _, memory in found], "MB")
        made.write_text(render(sample.full(), sample.lines, 0.0, sample.lanes(given.deliveries)), encoding="utf-8")
        look(folder / "report.html", given.rounds, ("o77", "order.paid o1", "nothing"))
        look(made, given.rounds, ("job-77", "job.failed", "nothing"))


def look(path: Path, rounds: int, words: tuple[str, ...]) -> None:
    """Open a page and search it."""
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    browser = Browser()
    try:
        page = browser.page()
        page.look(1280, 900)
        told("opened and drawn", [opened(page, path) for _ in range(rounds)], "ms")
        for word in words:
            found = [page.run(_SEARCH.replace("WORD", repr(word))) for _ in range(rounds)]
            told(f"searched for `{word}`: {found[0][1]}", [each[0] for each in found], "ms")
        found = [page.run(_SEARCH.replace("WORD", "''")) for _ in range(rounds)]
        told(f"all again: {found[0][1]}", [each[0] for each in found], "ms")
    finally:
        browser.close()


if __name__ == "__main__":
    main()
