"""Which single places does a report point at, each a finding for those who gate on them or keep them?

A diagnosis names one cause, with the surest place and further ones; here each place is one finding, and is known again on another day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.digest import digest
from callcheck.model.evidence import Evidence, Location
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean

Lines = Callable[[str, int, int], list[str]]
"""Lines of a file by its name as in a location, first and last line from 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of one cause."""

    diagnosed: Diagnosed
    evidence: tuple[Evidence, ...]
    """What shows it there, the leading one first, with what each rests on."""
    where: Location | None
    """The place to point at: of source or configuration if there is one, for a log is in no repository."""
    text: str
    """The line there; "" if it cannot be read."""
    message: str
    """One sentence."""
    roots: tuple[Evidence, ...] = ()
    """The grounds that `evidence` flattens, the one of this place first."""

    @property
    def cause(self) -> str:
        return self.diagnosed.rule.cause

    @property
    def fingerprint(self) -> str:
        """The same for the same cause in the same file on a line that says the same, wherever it has moved to; 64 hexadecimal digits."""
        path = self.where.path if self.where else ""
        return digest("\0".join((self.cause, path, self.text or self.message)))


def findings(report: Report, lines: Lines, least: float = 0.0) -> list[Finding]:
    """Those of every diagnosis at or above a confidence, the surest first; a lead is none."""
    return [finding for diagnosed in report.diagnoses if diagnosed.confidence >= least and not diagnosed.lead for finding in of(diagnosed, lines)]


def of(diagnosed: Diagnosed, lines: Lines) -> Iterator[Finding]:
    """The place that shows a cause best, and then the further ones; a place is given once."""
    seen: set[Location | None] = set()
    # Grounds of the first kind are places of the cause; those of other kinds, such as how many instances there are, hold for each.
    places = [item for item in diagnosed.grounds if item.fact.kind == diagnosed.grounds[0].fact.kind]
    common = tuple(item for item in diagnosed.grounds if item.fact.kind != diagnosed.grounds[0].fact.kind)
    for number, item in enumerate((*places, *diagnosed.others)):
        message = clean(diagnosed.title if number == 0 else item.says())
        finding = _finding(diagnosed, (item, *(common if number < len(places) else ())), message, lines)
        if finding.where not in seen:
            seen.add(finding.where)
            yield finding


def _finding(diagnosed: Diagnosed, grounds: tuple[Evidence, ...], message: str, lines: Lines) -> Finding:
    evidence = tuple(item for ground in grounds for item in ground.flat())
    leading = next((item for item in evidence if anchor(item) is not None), None)
    where = anchor(leading) if leading else next((item.where for item in evidence if item.where), None)
    held = leading or next((item for item in evidence if item.where), None)
    return Finding(diagnosed, evidence, where, _text(held, where, lines), message, grounds)


def anchor(item: Evidence) -> Location | None:
    """Where evidence is in the source or configuration; None for what stands in a log that nothing there is known to have written."""
    if item.printed is not None:
        return item.printed
    in_log = item.probe.startswith("log_") and item.fact.kind != "error.raised"
    return None if in_log else item.where


def _text(item: Evidence | None, where: Location | None, lines: Lines) -> str:
    if item is None or where is None or not where.line:
        return ""
    found = lines(where.path, where.line, where.line)
    return clean(found[0].strip()) if found else clean(item.excerpt) if where == item.where else ""
