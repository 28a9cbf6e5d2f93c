"""How often is a cause right when callcheck names it? Counted over folders of cases, for `precision` in SARIF and for `callcheck explain`.

    python tests/benchmarks/precision.py CASES... [--write]

A case is a folder with `case.yml`, `broken/` and `fixed/`; `case.yml` has `expect` (a list with `cause`) and `also_ok` (causes). Every diagnosis
at or above 0.5 counts: on `broken/` it is right if it is one of these, on `fixed/` it is wrong unless it is one of `also_ok`, which counts
as neither there. `--write` puts the counts into rules/precision.yaml; without it they are printed. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from callcheck import collect, pipeline  # noqa: E402
from callcheck.model.precision import Precision  # noqa: E402
from callcheck.model.target import Target  # noqa: E402

SURE = 0.5


def named(folder: Path) -> Iterator[str]:
    """The causes that are diagnosed with at least SURE in a folder."""
    report = pipeline.diagnose(Target(folder, folders=(folder,)), collect.Options(on_bug=lambda name, error: print(f"{folder}: {name}: {error!r}", file=sys.stderr))).report
    return (found.rule.cause for found in report.diagnoses if found.confidence >= SURE)


def count(cases: list[Path]) -> dict[str, Precision]:
    """The counts of each cause that was named."""
    said: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for case in cases:
        truth = yaml.safe_load((case / "case.yml").read_text())
        expected = {each["cause"] for each in truth["expect"]}
        neutral = set(truth.get("also_ok") or ())
        for cause in named(case / "broken"):
            said[cause] += 1
            right[cause] += cause in expected | neutral
        for cause in named(case / "fixed"):
            said[cause] += cause not in neutral
    return {cause: Precision(said[cause], right[cause]) for cause in sorted(said) if said[cause]}


def text(counts: dict[str, Precision], cases: int) -> str:
    """rules/precision.yaml."""
    head = [
        "# How often each cause was right where it was named with 0.5 or more, on broken and on healthy projects together.",
        "# Most of these cases were known when the rules were made, so this is more than new projects will show.",
        "# Made by `tests/benchmarks/precision.py CASES... --write`; not written by hand.",
        f"measured: {{on: {datetime.datetime.now(datetime.UTC).date()}, cases: {cases}}}",
        "causes:",
    ]
    return "\n".join([*head, *(f"  {cause}: {{named: {each.named}, right: {each.right}}}" for cause, each in counts.items())]) + "\n"


def main() -> None:
    """Counts, prints, and writes if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    cases = sorted(path.parent.absolute() for folder in given.cases for path in folder.rglob("case.yml"))
    counts = count(cases)
    for cause, each in counts.items():
        print(f"{cause:40} {each.right:4} of {each.named:4}  at least {each.at_least:.2f}  {each.level}")
    total = Precision(sum(each.named for each in counts.values()), sum(each.right for each in counts.values()))
    print(f"{'all':40} {total.right:4} of {total.named:4}  on {len(cases)} cases")
    if given.write:
        (ROOT / "rules" / "precision.yaml").write_text(text(counts, len(cases)))


if __name__ == "__main__":
    main()
