"""What does a report say of files that nobody looked at?"""

from __future__ import annotations

from collections.abc import Iterable

from callcheck.model.left_out import LeftOut
from callcheck.model.printable import clean
from callcheck.report.paint import Page

_FEW = 3


def left_out(page: Page, told: Iterable[LeftOut]) -> None:
    """A line a reason: how much was left out for it, and a few names."""
    for each in told:
        counts = ((each.files, "file"), (each.folders, "folder"), (each.functions, "function"))
        count = ", ".join(f"{number:,} {noun}{'s' * (number != 1)}" for number, noun in counts if number)
        more = f", {page.sign('…', '...')}" if each.files + each.folders + each.functions > _FEW else ""
        names = ", ".join(clean(name, 80) for name in each.names[:_FEW])
        page.prose([(f"{clean(each.why)}: {count}", ""), (f" ({names}{more})", "dim")], [(page.sign("·", "-") + " ", "dim")], indent=4)
