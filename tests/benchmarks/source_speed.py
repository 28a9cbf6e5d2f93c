"""What does reading a big source tree cost, cold and warm, as ratios to ast-grep and semgrep in the same rounds?

    python tests/benchmarks/source_speed.py [--cache DIR] [--tree DIR] [--rounds 3] [--times 1 2 4] [--ast-grep PATH] [--semgrep PATH]

Without `--tree` the releases below are fetched and unpacked into the cache, as tests/benchmarks/healthy.py does: about 560,000 lines of Python,
JavaScript and TypeScript. The peers (`pip install ast-grep-cli semgrep` in an environment of their own) are looked for on PATH; one that is
not there is left out. Both run ten rules as plain as ours are not: ten calls by their name. semgrep runs once, since it takes long.

In each round, in turn: ast-grep on one thread, callcheck with an empty cache folder (cold) and again with the filled one (warm). Printed are the
medians of CPU and wall seconds, their ratios, the peak memory, and the same for several copies of the tree side by side. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from healthy import ROOT, SOURCES, Tree, lines_of, unpacked

RELEASES = (
    "pypi django==5.2.19",
    "pypi celery==5.7.0",
    "pypi starlette==1.10.0",
    "pypi langchain-core==1.8.4",
    "npm typeorm@1.1.1",
    "npm parse-server@9.10.0",
    "npm @nestjs/microservices@12.1.1",
)
JS_CALLS = ("$X.on", "$X.once", "$X.emit", "$X.addListener", "$X.removeAllListeners", "new EventEmitter", "$X.addEventListener", "setInterval", "$X.publish", "$X.fork")
PY_CALLS = ("$X.connect", "$X.emit", "asyncio.create_task", "$X.run", "$X.publish", "$X.subscribe", "time.sleep", "$X.on", "$X.send", "$X.create_future")
OURS = [sys.executable, "-m", "callcheck", "diagnose", ".", "--format", "json"]


class Taken(NamedTuple):
    """What one run took."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def run(command: list[str], folder: Path, **env: str) -> Taken:
    """Run to the end, output thrown away; CPU and peak memory are those of the process and of all that it waited for."""
    began = time.perf_counter()
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(Path.home()), **env}
    process = subprocess.Popen(command, cwd=folder, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1) or " failed: " in said:
        sys.exit(f"{' '.join(command[:4])} did not do its work, so its time says nothing: {said.strip()[-400:]}")
    return Taken(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024)


def middle(runs: list[Taken]) -> Taken:
    """The median of each figure."""
    return Taken(*(statistics.median(figures) for figures in zip(*runs, strict=True)))


def write_rules(folder: Path) -> tuple[Path, Path]:
    """The ten rules for each language: ast-grep's configuration, and semgrep's."""
    languages = {"JavaScript": JS_CALLS, "TypeScript": JS_CALLS, "Tsx": JS_CALLS, "Python": PY_CALLS}
    patterns = [(f"{name}-{number}", name, call) for name, calls in languages.items() for number, call in enumerate(calls)]
    (folder / "rules").mkdir()
    each = (f'id: {name}\nlanguage: {language}\nseverity: warning\nmessage: found\nrule: {{pattern: "{call}($$$)"}}\n' for name, language, call in patterns)
    (folder / "rules" / "ten.yml").write_text("---\n".join(each))
    config, semgrep = folder / "sgconfig.yml", folder / "semgrep.yml"
    config.write_text("ruleDirs: [rules]\n")
    spoken = {"JavaScript": "javascript", "TypeScript": "typescript", "Python": "python"}
    rules = (
        f'- {{id: {name}, languages: [{spoken[language]}], severity: WARNING, message: found, pattern: "{call}(...)"}}\n'
        for name, language, call in patterns
        if language in spoken
    )
    semgrep.write_text("rules:\n" + "".join(rules))
    return config, semgrep


def put_together(cache: Path) -> Path:
    """One folder with the sources of all releases."""
    whole = cache / "source-speed"
    for line in RELEASES:
        registry, spec = line.split()
        tree = Tree(registry, spec)
        copy_sources(unpacked(tree, cache), whole / tree.folder)
    return whole


def copy_sources(folder: Path, into: Path) -> None:
    """Sources and manifests of a folder; nothing if the copy is there already."""
    if not into.exists():
        part = into.with_name(f"{into.name}.part")
        shutil.copytree(folder, part, ignore=_neither)
        part.rename(into)


def _neither(folder: str, names: list[str]) -> list[str]:
    """The files that are neither sources nor manifests; a folder may be called `django-5.2`. What pip notes beside a package would have it left out as installed."""
    kept = (*SOURCES, ".json", ".toml", ".yaml", ".yml")
    return [name for name in names if name.endswith(".dist-info") or ("." in name[1:] and not name.endswith(kept) and not Path(folder, name).is_dir())]


def measure(folder: Path, rounds: int, peers: dict[str, list[str]]) -> dict[str, Taken]:
    """The medians of all contestants, run in turn; the first of the peers is what the others are laid beside."""
    found: dict[str, list[Taken]] = {}
    for _ in range(rounds):
        for name, command in peers.items():
            found.setdefault(name, []).append(run(command, folder))
        with tempfile.TemporaryDirectory() as cache:
            for name in ("cold", "warm"):
                found.setdefault(name, []).append(run(OURS, folder, XDG_CACHE_HOME=cache))
    return {name: middle(runs) for name, runs in found.items()}


def show(taken: dict[str, Taken], peer: str) -> None:
    beside = taken.get(peer)
    for name, each in taken.items():
        ratio = f"{each.cpu_s / beside.cpu_s:7.2f} x CPU {each.wall_s / beside.wall_s:7.2f} x wall" if beside else ""
        print(f"    {name:<12} {each.cpu_s:8.2f} CPU-s {each.wall_s:8.2f} s {each.peak_mb:7.0f} MB {ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "callcheck-benchmarks")
    parser.add_argument("--tree", type=Path, help="a folder to read instead")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, nargs="*", default=[1, 2, 4], help="how many copies of the tree side by side")
    parser.add_argument("--ast-grep", default=shutil.which("ast-grep"))
    parser.add_argument("--semgrep", default=shutil.which("semgrep"))
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    tree = options.tree.resolve() if options.tree else put_together(options.cache)
    with tempfile.TemporaryDirectory() as folder:
        config, semgrep = write_rules(Path(folder))
        peers = {"ast-grep -j1": [options.ast_grep, "scan", "-j1", "-c", str(config), "."]} if options.ast_grep else {}
        for times in options.times:
            place = tree if times == 1 else Path(folder) / f"{times}"
            for number in range(times if times > 1 else 0):
                copy_sources(tree, place / f"copy{number}")
            print(f"{times} x: {lines_of(place)} lines", flush=True)
            show(measure(place, options.rounds, peers), "ast-grep -j1")
        if options.semgrep:
            command = [options.semgrep, "scan", "-j1", "--config", str(semgrep), "--metrics=off", "--json", "--no-git-ignore", "."]
            print("once:", flush=True)
            show({"semgrep -j1": run(command, tree, SEMGREP_ENABLE_VERSION_CHECK="0"), "cold": run(OURS, tree, CALLCHECK_NO_CACHE="1")}, "semgrep -j1")


if __name__ == "__main__":
    main()
