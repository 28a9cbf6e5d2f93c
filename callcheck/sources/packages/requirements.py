"""Which distributions does a requirements or constraints file ask for?

    redis[hiredis]==5.2.1 ; python_version < "3.12"   # a comment
    celery>=5.3,<6 \\
        --hash=sha256:...
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.packages.entries import Entry, plain

_REQUIREMENT = pattern(r"\s*([A-Za-z0-9][\w.-]{0,200})\s*(?:\[[^\]]*\]\s*)?(?:\(\s*)?(?:((?:[<>=!~^]|@)[^;#\\]{0,200}?)\s*)?(?:\)\s*)?(?:[;#\\].*|--.*)?$")


def read_requirements(text: str) -> Iterator[Entry]:
    """Every line that names a distribution; options and other files are passed over."""
    for number, line in enumerate(text.splitlines(), 1):
        entry = read_requirement(line, number)
        if entry is not None:
            yield entry


def read_requirement(text: str, line: int) -> Entry | None:
    """One requirement (PEP 508); its spec is "" where any version will do or an address is given."""
    found = _REQUIREMENT.match(text)
    if not found:
        return None
    spec = found[2] or ""
    return Entry(plain(found[1]), "" if spec.startswith("@") else spec.split(" --")[0].strip(), line)
