"""Which traps are silenced by an innocent neighbour: text of their exclusions that has nothing to do with the call?

    python tests/benchmarks/beside.py [--language javascript|python] [--only TEXT] [--jobs 2] [--show DIR]

Takes each trap with exclusions (`without`, `file-lacks`, `around-lacks`, `class-lacks`) that finds its sample, and puts a decoy beside it that was
made from one exclusion (`tests/tools/decoys.py`): the text in a log line, and the call on another object. Printed are how many still find the
sample, by the form of the exclusion and the kind of decoy, and which do not. Some exclusions are about the whole project, and rightly so. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from callcheck import knowledge  # noqa: E402
from callcheck.model.knowledge import Framework, Idiom, Knowledge  # noqa: E402
from callcheck.model.target import Target  # noqa: E402
from callcheck.probes.traps import PROBE  # noqa: E402
from callcheck.sources import Eyes  # noqa: E402
from tests.sources.code.test_idioms import _files, _fitting  # noqa: E402
from tests.tools.decoys import decoys  # noqa: E402
from tests.tools.pairs import write  # noqa: E402

KNOWN = knowledge.load([knowledge.shipped()])
Files = dict[str, str]


def traps(language: str, only: str) -> list[tuple[Framework, Idiom]]:
    """Those with exclusions, of frameworks of a language."""
    found = [(f, i) for f in KNOWN.frameworks for i in f.idioms if i.does == "trap" and (i.without or any(name.endswith("-lacks") for name in i.where))]
    return [(f, i) for f, i in found if (not language or language in f.languages) and only in f"{f.name} {i.says}"]


def stated(files: Files, trap: Idiom) -> tuple[str, int] | None:
    """Where a trap is found, if it is."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "app"
        write(files, folder)
        eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge(KNOWN.frameworks))
        for item in PROBE.look(eyes.target, eyes):
            if item.fact.why == trap.says:
                return (str(item.where.path), item.where.line or 0) if item.where else ("", 0)
    return None


def tried(number: int, language: str, only: str, show: Path | None) -> list[tuple[str, str, bool]]:
    """Exclusion, kind of decoy, and whether the trap still finds its sample."""
    framework, trap = traps(language, only)[number]
    files = {**_files(framework, trap.sample), **_fitting(framework, trap)}
    at = stated(files, trap)
    if at is None:
        return []
    main = at[0] if at[0] in files else next(iter(files))
    files = {main: files[main], **files}
    found = []
    for decoy in decoys(framework, trap, files, at[1] if at[0] == main else 0):
        held = stated(decoy.files, trap) is not None
        found.append((decoy.exclusion, decoy.kind, held))
        if not held and show is not None:
            write(decoy.files, show / f"{framework.name}-{number}" / f"{len(found)}-{decoy.kind.replace(' ', '-')}")
    return found


def _form(exclusion: str) -> str:
    return exclusion[: 1 + (exclusion[0] == "*")] if exclusion[0] in "*~<>=/%" else exclusion.partition(":")[0] if "-lacks: " in exclusion else "plain"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="", choices=["", "javascript", "python"])
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=Path)
    given = parser.parse_args()
    asked = traps(given.language, given.only)
    counts: Counter[tuple[str, str, bool]] = Counter()
    lost = 0
    with ProcessPoolExecutor(given.jobs) as pool:
        waiting = [pool.submit(tried, number, given.language, given.only, given.show) for number in range(len(asked))]
        for (framework, trap), future in zip(asked, waiting, strict=True):
            told = future.result()
            counts.update((_form(exclusion), kind, held) for exclusion, kind, held in told)
            silenced = [(exclusion, kind) for exclusion, kind, held in told if not held]
            lost += bool(silenced)
            if silenced:
                print(f"{framework.name} {trap.effect} {trap.strength}: {trap.says}")
                print("\n".join(f"    {kind}: {exclusion}" for exclusion, kind in silenced), flush=True)
    for form, kind in sorted({key[:2] for key in counts}):
        held = counts[form, kind, True]
        print(f"{form:14} {kind:28} {held}/{held + counts[form, kind, False]}")
    print(f"{lost} of {len(asked)} traps with exclusions are silenced by a decoy")


if __name__ == "__main__":
    main()
