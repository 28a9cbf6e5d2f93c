"""How long are the units of a deployment given to come to an end, where that is said?

    stopTimeout = 120                          # ECS, in Terraform and in JSON
    terminationGracePeriodSeconds: 120         # Kubernetes
    stop_grace_period: 2m                      # Compose

Who gives more than the usual 10 to 30 s knows that what is at work takes longer. Sources: docs.aws.amazon.com/AmazonECS, ContainerDefinition (stopTimeout, 30 s
unless set, 120 at most on Fargate); kubernetes.io, Pod; docs.docker.com/reference/compose-file/services.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.launch import own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FILES = ("*.tf", "*.y*ml", "*.json")
_SAID = pattern(r"^[ \t]*\"?(?:stopTimeout|StopTimeout|terminationGracePeriodSeconds|stop_grace_period)\"?\s*[:=]\s*[\"']?(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s?)?[\"']?,?[ \t]*$")
_WORDS = ("stopTimeout", "StopTimeout", "terminationGracePeriodSeconds", "stop_grace_period")
_LARGEST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Period:
    """One that is said, whichever unit it is for."""

    seconds: int
    where: Location


def stop_periods(eyes: Eyes) -> list[Period]:
    """All that are said, in the order of the files; read once for all who ask."""
    return eyes.once(("stop-periods",), lambda: list(_read(eyes)))


def _read(eyes: Eyes) -> Iterator[Period]:
    for file, text in own_texts(eyes, *_FILES, most=_LARGEST_BYTES):
        for number, line in enumerate(text.splitlines(), 1) if any(word in text for word in _WORDS) else ():
            found = _SAID.match(line)
            seconds = sum(int(part or 0) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else 0
            if seconds:
                yield Period(seconds, Location(clean(file.name), number))
