"""What does a report say of diagnoses that comments in the code keep back?"""

from __future__ import annotations

from callcheck.model.diagnosis import Report
from callcheck.model.printable import clean
from callcheck.report.paint import Page


def ignored(page: Page, report: Report) -> None:
    """A line a diagnosis, with the comment that keeps it back, and a line for each comment that is not in order."""
    if report.suppressed or report.ignore_problems:
        page.heading("Ignored on request")
    for each in report.suppressed:
        why = f": {each.ignore.reason}" if each.ignore.reason else ""
        page.prose([(each.diagnosed.rule.cause, "bold"), (" " + clean(str(each.ignore), 120), "cyan"), (clean(why), "")], indent=4)
    for ignore, problem in report.ignore_problems:
        page.prose([(clean(str(ignore), 120), "cyan"), (f": {clean(problem)}", "")], [("! ", "yellow")], indent=4)
