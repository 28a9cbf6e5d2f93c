"""Does the code make a call of AWS that none of the project's roles allows?

    Action: [bedrock:InvokeModel]                                         # serverless.yml
    client.send(new InvokeModelWithResponseStreamCommand({...}))          # is an action of its own, and refused with 403

Only where an action of the same service is allowed, so that the role is the one that the call is made with, and only where all roles can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_calls import MARKS, aws_calls
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.grants import grants

_FOR_STACKS = frozenset({"infra", "infrastructure", "iac", "terraform", "tf", "cdk", "lib", "stacks", "stack", "deploy", "deployment", "cloudformation", "cfn", "sam", "aws", "iam", "policies", "ops", "modules", "resources"})
_SAYS = "the role allows {} and not {}, which this call needs, so AWS refuses it with 403 AccessDenied; allow it too"


class RefusedCalls:
    """One evidence an action that is missing."""

    name = "refused-calls"
    looks_at = Sight.SOURCE
    marks = MARKS
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        wanted = {action: call for call, action in reversed(list(aws_calls(eyes.code)))}
        allowed = grants(eyes) if wanted else None
        if allowed is None or allowed.open:
            return
        for action, call in wanted.items():
            beside = [] if allowed.allows(action) else [each for each in allowed.of_service(action) if _of_its_stack(each.path, module_of(call).path)]
            if beside:
                fact = LibraryTrap("upstream-auth", "strong", clean(_SAYS.format(beside[0].action, action), 200), action, "aws", module_of(call).language)
                listed = Evidence(fact, Basis.DECLARED, self.name, Location(clean(beside[0].path), beside[0].line), label=f"allows {clean(beside[0].action, 60)} alone")
                yield seen(fact, call, self.name, (listed,))


def _of_its_stack(template: str, source: str) -> bool:
    """Whether a file lies where a template may deploy it: below its folder, or beside the folder that is for such files alone."""
    folder = template.rpartition("/")[0]
    while folder.rpartition("/")[2].lower() in _FOR_STACKS:
        folder = folder.rpartition("/")[0]
    return not folder or source.startswith(folder + "/")


PROBE = RefusedCalls()
