"""How long does a whole diagnosis of a long log take, beside ripgrep that lists the lines with the same texts?

    python tests/benchmarks/logs_speed.py --rg PATH [--dir DIR] [--sizes 100M 1G] [--densities 0.001 0.01 0.1] [--pack plain gzip zstd] [--rounds 5]

Logs are written once (`log_writer.py`) and kept in DIR. In each round both run once, one after the other, as whole processes with the file
in the page cache; printed are the least wall time and CPU time of each, their ratios, and the most memory. `--signatures 10` runs it with
ten times as many signatures, `--hostile` reads what nobody should have to. ripgrep: the npm package @vscode/ripgrep-linux-x64 holds it as a
plain file.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from callcheck.sources.logs.anchors import anchors
from tests.benchmarks.log_writer import size_of, write
from tests.tools.shipped import shipped_logs

ROOT = Path(__file__).resolve().parents[2]


class Run(NamedTuple):
    """One process."""

    wall_s: float
    cpu_s: float
    rss_mb: float


def run(command: list[str], folder: Path) -> Run:
    """Runs it with its output thrown away."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return Run(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def least(runs: list[Run]) -> Run:
    """The least times, and the most memory."""
    return Run(min(r.wall_s for r in runs), min(r.cpu_s for r in runs), max(r.rss_mb for r in runs))


def patterns(path: Path, times: int) -> int:
    """Writes the telling texts as ripgrep takes them; gives their number."""
    telling = [a for a in anchors(shipped_logs()) if a.telling]
    lines = [_quoted(a.text) if a.exact else f"(?i:{_quoted(a.text)})" for a in telling]
    lines += [f"{_quoted(a.text[::-1])} no {n}" for n in range(1, times) for a in telling]
    path.write_text("\n".join(lines) + "\n")
    return len(lines)


def _quoted(text: str) -> str:
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def more_rules(folder: Path, times: int) -> Path:
    """A folder of own rules with as many further signatures."""
    where = folder / f"rules-{times}" / "logs" / "signatures"
    where.mkdir(parents=True, exist_ok=True)
    known = sorted({text for sign in shipped_logs().signatures for text in sign.contains})
    for n in range(1, times):
        lines = [f"name: more{n}", "signatures:"]
        lines += [f"  - {{signal: more-{n}, contains: [{text[::-1] + f' no {n}'!r}], sample: {text[::-1] + f' no {n}'!r}}}" for text in known if "'" not in text]
        (where / f"more{n}.yaml").write_text("\n".join(lines) + "\n")
    return where.parents[1]


def packed(log: Path, how: str) -> Path:
    """The log, packed as is asked."""
    if how == "plain":
        return log
    out = log.with_suffix(log.suffix + {"gzip": ".gz", "zstd": ".zst"}[how])
    if not out.exists():
        with log.open("rb") as source:
            if how == "gzip":
                with gzip.open(out, "wb", 6) as target:
                    while piece := source.read(1 << 20):
                        target.write(piece)
            else:
                import zstandard

                with out.open("wb") as target_:
                    zstandard.ZstdCompressor(3).copy_stream(source, target_)
    return out


def compare(log: Path, rg: str, rounds: int, texts: Path, rules: Path | None) -> None:
    """Both, in turns."""
    ours = [sys.executable, "-m", "callcheck", "diagnose", log.name, "--format", "json", *(["--rules", str(rules)] if rules else [])]
    theirs = [rg, "-z" if log.suffix in (".gz", ".zst") else "-j1", "-j1", "-a", "-b", "-f", str(texts), log.name]
    run(ours, log.parent)  # compiles what is kept between runs
    pairs = [(run(theirs, log.parent), run(ours, log.parent)) for _ in range(rounds)]
    peer, own = least([p for p, _ in pairs]), least([o for _, o in pairs])
    print(
        f"{log.name:24} rg {peer.wall_s:6.2f} s wall {peer.cpu_s:6.2f} s CPU | callcheck {own.wall_s:6.2f} s {own.cpu_s:6.2f} s CPU {own.rss_mb:5.0f} MB"
        f" | x {own.wall_s / peer.wall_s:.2f} wall {own.cpu_s / peer.cpu_s:.2f} CPU",
        flush=True,
    )


def hostile(folder: Path, size: int) -> None:
    """Logs that should not be: how long, how much memory."""
    begin = b"2026-01-01T00:00:00Z INFO begun\n" * 400
    kinds = {
        "one-line": (b"error " * 170_000, b""),
        "all-match": (b"ECONNRESET 10.0.0.1\n" * 50_000, b""),
        "NULs": (b"\0" * 1_000_000, b"\nERROR fetch failed\n"),
        "continuation": (b"    at f (error.js:1:2)\n" * 40_000, b""),
    }
    for name, (piece, end) in kinds.items():
        log = folder / f"hostile-{name}.log"
        with log.open("wb") as out:
            out.write(begin)
            for _ in range(size // len(piece)):
                out.write(piece)
            out.write(end)
        _shown(log)
    bomb = folder / "hostile-bomb.log.gz"
    with gzip.open(bomb, "wb", 9) as out_:
        out_.write(begin)
        for _ in range(2 * size // 1_000_000):
            out_.write(b" " * 1_000_000)
    _shown(bomb)


def _shown(log: Path) -> None:
    one = run([sys.executable, "-m", "callcheck", "diagnose", log.name], log.parent)
    print(f"{log.name:24} {log.stat().st_size:>13,} bytes: {one.wall_s:6.2f} s wall {one.cpu_s:6.2f} s CPU {one.rss_mb:5.0f} MB", flush=True)
    log.unlink()


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rg", default="rg")
    parser.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir()) / "callcheck-logs")
    parser.add_argument("--sizes", nargs="+", default=["100M", "1G"])
    parser.add_argument("--densities", nargs="+", type=float, default=[0.001, 0.01, 0.1])
    parser.add_argument("--pack", nargs="+", default=["plain"], choices=["plain", "gzip", "zstd"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--signatures", type=int, default=1)
    parser.add_argument("--hostile", metavar="SIZE")
    given = parser.parse_args()
    given.dir.mkdir(parents=True, exist_ok=True)
    if given.hostile:
        hostile(given.dir, size_of(given.hostile))
        return
    texts = given.dir / f"patterns-{given.signatures}"
    print(f"{patterns(texts, given.signatures)} texts")
    rules = more_rules(given.dir, given.signatures) if given.signatures > 1 else None
    for size in given.sizes:
        for density in given.densities:
            folder = given.dir / f"{size}-{density}"
            folder.mkdir(exist_ok=True)
            log = folder / f"{size}-{density}.log"
            if not log.exists():
                write(log, size_of(size), density)
            for how in given.pack:
                alone = given.dir / f"{size}-{density}-{how}"
                alone.mkdir(exist_ok=True)
                link = alone / packed(log, how).name
                if not link.exists():
                    os.link(packed(log, how), link)
                compare(link, given.rg, given.rounds, texts, rules)


if __name__ == "__main__":
    main()
