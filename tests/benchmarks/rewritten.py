"""How many causes are still named after the code was written in another way that does the same?

    python tests/benchmarks/rewritten.py [CASES ...] [--kinds KIND ...] [--only TEXT] [--jobs 2] [--show DIR]

Takes the pairs of `fixtures/pairs`, or folders of cases (each with `case.yml`, `broken/` and `fixed/`), and for each kind of rewriting
(`tests/tools/rewriting`) those that it changes and that are solved as they stand: the first diagnosis of the broken side is an expected cause, and
none of them is named at or above 0.5 on the fixed side. Printed are how many are solved when rewritten, and which are not, and what was said
instead. `--show` keeps the rewritten files of those. Places are not compared, since they move. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from callcheck import pipeline  # noqa: E402
from callcheck.model.target import Target  # noqa: E402
from tests.tools.pairs import pairs, write  # noqa: E402
from tests.tools.rewriting import KINDS  # noqa: E402

SURE = 0.5
Files = dict[str, str]


class Case(NamedTuple):
    """A project in two states, and what is wrong in the first."""

    name: str
    causes: frozenset[str]
    broken: Files
    fixed: Files


def of_pairs() -> Iterator[Case]:
    """The project's own ones, but those that give hints only."""
    for file in sorted((ROOT / "fixtures/pairs").glob("*.txt")):
        if file.stem != "hints":
            yield from (Case(f"{file.stem}: {pair.name}", pair.causes, pair.broken, pair.fixed) for pair in pairs(file.read_text(encoding="utf-8")))


def of_folder(folder: Path) -> Iterator[Case]:
    """Those of a folder of cases."""
    for told in sorted(folder.rglob("case.yml")):
        expected = yaml.safe_load(told.read_text(encoding="utf-8"))["expect"]
        yield Case(told.parent.name, frozenset(each["cause"] for each in expected), _files(told.parent / "broken"), _files(told.parent / "fixed"))


def _files(folder: Path) -> Files:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def said(files: Files) -> list[tuple[str, float]]:
    """Causes and how sure, the first one first."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "app"
        write(files, folder)
        report = pipeline.diagnose(Target(folder, folders=(folder,))).report
        return [(each.rule.cause, each.confidence) for each in report.diagnoses]


def solved(causes: frozenset[str], broken: Files, fixed: Files) -> str:
    """Empty if it is; else what was said."""
    first = said(broken)[:1]
    if not first or first[0][0] not in causes or first[0][1] < SURE:
        return f"broken: {' '.join(f'{c} {s:.2f}' for c, s in first) or 'nothing'}"
    wrong = [f"{cause} {sure:.2f}" for cause, sure in said(fixed) if sure >= SURE and cause in causes]
    return f"fixed: {' '.join(wrong)}" if wrong else ""


def tried(case: Case, kinds: list[str], show: Path | None) -> list[tuple[str, str]]:
    """The kinds that change the case and what is said then; [] if it is not solved as it stands."""
    made = [(kind, KINDS[kind](case.broken), KINDS[kind](case.fixed)) for kind in kinds]
    made = [each for each in made if each[1] != case.broken]
    if not made or solved(case.causes, case.broken, case.fixed):
        return []
    found = []
    for kind, broken, fixed in made:
        what = solved(case.causes, broken, fixed)
        found.append((kind, what))
        if what and show is not None:
            folder = show / kind / case.name.replace("/", "_").replace(": ", "/").replace(" ", "-")
            write(broken, folder / "broken")
            write(fixed, folder / "fixed")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", type=Path)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=Path)
    given = parser.parse_args()
    cases = [case for folder in given.cases for case in of_folder(folder)] if given.cases else list(of_pairs())
    cases = [case for case in cases if given.only in case.name]
    counts, lost = {kind: [0, 0] for kind in given.kinds}, {kind: list[str]() for kind in given.kinds}
    with ProcessPoolExecutor(given.jobs) as pool:
        waiting = [(case, pool.submit(tried, case, given.kinds, given.show)) for case in cases]
        for case, future in waiting:
            for kind, what in future.result():
                counts[kind][0] += 1
                counts[kind][1] += not what
                if what:
                    lost[kind].append(f"    {case.name} ({', '.join(sorted(case.causes))}): {what}")
    for kind, (changed, still) in counts.items():
        print(f"{kind:12} {still}/{changed}" + (f" = {100 * still / changed:.0f} %" if changed else ""))
        print("\n".join(lost[kind]), flush=True) if lost[kind] else None
    changed, still = (sum(each[n] for each in counts.values()) for n in (0, 1))
    print(f"{'all':12} {still}/{changed}" + (f" = {100 * still / changed:.1f} %" if changed else ""))


if __name__ == "__main__":
    main()
