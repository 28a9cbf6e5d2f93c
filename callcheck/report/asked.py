"""What does a report say of the model APIs that were asked, whether they answered well or not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.diagnosis import Report
from callcheck.model.evidence import Evidence
from callcheck.model.printable import clean

if TYPE_CHECKING:
    from callcheck.report.paint import Page

NOBODY = "No client of a model API stands in the code, and no address of one in the environment files."


def asked(report: Report) -> list[Evidence] | None:
    """What came of asking each; None if nobody was to be asked."""
    looked = report.target.online and any(look.probe == "upstreams" and look.examined for look in report.ledger.looks)
    return [item for item in report.ledger.evidence if item.fact.kind == "upstream.checked"] if looked else None


def answers(page: Page, report: Report) -> None:
    """A line for each API."""
    found = asked(report)
    if found is None:
        return
    page.heading("What was asked")
    for item in found:
        well = item.fact.attributes()["callcheck.upstream.outcome"] == "ok" and not item.fact.attributes()["gen_ai.request.model"]
        page.prose([(clean(item.says()), "")], [(page.sign("•", "*") + " ", "blue") if well else ("! ", "yellow")], indent=4)
    if not found:
        page.prose(NOBODY, indent=4)
