"""How does a resolved version become evidence?"""

from __future__ import annotations

from callcheck.model.evidence import Evidence, Location
from callcheck.model.facts.packages import DependencyResolved
from callcheck.model.printable import clean
from callcheck.model.versions import key
from callcheck.model.words import Basis
from callcheck.sources.packages.entries import Resolved


def seen(found: Resolved, folder: str, probe: str) -> Evidence:
    """Evidence of a version, at the line that says it."""
    _, release, *_ = key(found.version) or (0, (0,))
    fact = DependencyResolved(
        clean(found.package, 120),
        clean(found.version, 60),
        release[0],
        release[1] if len(release) > 1 else 0,
        found.how,
        clean(folder, 200),
        found.open_ended,
    )
    basis = Basis.OBSERVED if found.how == "installed" else Basis.DECLARED
    return Evidence(fact, basis, probe, Location(clean(found.path), found.line or None))
