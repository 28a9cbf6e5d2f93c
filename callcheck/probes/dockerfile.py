"""What does each Dockerfile start by itself, and is it meant for a function platform?

CMD ["gunicorn", "-w", "4", "app:app"]
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import UNIT_FACTS, ServerlessFunction
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.launch import DOCKERFILES, Unit, dockerfiles, read_image, state_image


class Dockerfile:
    """The runs it states have no service name: the unit that uses the image states its own."""

    name = "dockerfile"
    looks_at = DOCKERFILES
    answers: frozenset[type[Fact]] = frozenset({*UNIT_FACTS, ServerlessFunction})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and dockerfiles(eyes) else "no Dockerfile"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for file in dockerfiles(eyes):
            try:
                image = read_image(eyes.text(file))
            except SourceError as error:
                yield Lost(clean(file.name), error.message)
                continue
            lambda_line = next((line for source, line in image.copies_from if "lambda-adapter" in source), 0)
            if lambda_line or "/lambda/" in image.base:
                fact = ServerlessFunction("aws-lambda", "")
                yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(file.name), lambda_line or 1))
            line = image.command_line or image.entrypoint_line
            if line:
                yield from state_image(eyes, Unit(self.name, "dockerfile", "", file, line), file)


PROBE = Dockerfile()
