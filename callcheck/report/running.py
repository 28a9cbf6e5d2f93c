"""What does a report say of the processes that run, and of files that say another number?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from callcheck.report.paint import Page

KINDS = ("processes.run", "port.shared", "broker.connected", "bus.unconnected", "counts.differ")


def running(report: Report) -> list[Evidence]:
    """What was seen of processes, those of one app together, and then where the files differ."""
    found = [item for item in report.ledger.evidence if item.fact.kind in KINDS]
    return sorted(found, key=lambda item: item.fact.kind == "counts.differ")


def runs(page: Page, report: Report) -> None:
    """A line for each app, each port and each broker, and one for each number that differs."""
    found = running(report)
    if found:
        page.heading("What runs")
    for item in found:
        if item.fact.kind == "counts.differ":
            gone_by = item.fact.attributes()["callcheck.instance.counts"]
            place = f"{clean(str(item.where), 120)}: " if item.where else ""
            why = "the number that runs is taken" if gone_by == "observed" else "the number of the files is taken, since what runs here may be a developer's own"
            page.prose([(place, "cyan"), (f"{clean(item.says())}; {why}", "")], [("! ", "yellow")], indent=4)
        else:
            inner = item.fact.kind not in ("processes.run", "bus.unconnected")
            guess = " (a guess by its port)" if item.basis == "inferred" else ""
            page.prose([(clean(item.says()) + guess, "")], [("  " if inner else page.sign("•", "*") + " ", "blue")], indent=4)
