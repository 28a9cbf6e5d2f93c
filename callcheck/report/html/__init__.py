"""What does somebody get who keeps the report, or attaches it to an incident review? One page that needs nothing but itself.

The page asks the network for nothing, and its policy would not let it; without JavaScript it says the same, and only finding single deliveries is
slower. `style.css` and `script.js` lie beside this file and are put into the page.
"""

from __future__ import annotations

from callcheck.model.diagnosis import Report
from callcheck.model.swimlane import Swimlane
from callcheck.report.findings import Lines
from callcheck.report.html.page import page


def render(report: Report, lines: Lines, min_confidence: float = 0.0, lanes: Swimlane | None = None) -> str:
    """One document of HTML 5; `lanes` are the single deliveries, where there are any."""
    return page(report, lines, min_confidence, lanes)
