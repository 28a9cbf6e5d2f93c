"""Which projects of Vercel ask every caller for a login, as Terraform makes them?

    vercel_authentication = { deployment_type = "all_deployments" }             # also before the domains of production
    vercel_authentication = { deployment_type = "standard_protection" }         # before all but these

Sources: registry.terraform.io, vercel/vercel 2.5, vercel_project and vercel_project_deployment_protection; vercel.com/docs/deployment-protection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.terraform import made

if TYPE_CHECKING:
    from callcheck.sources import Eyes

PASSES = ("x-vercel-protection-bypass", "VERCEL_AUTOMATION_BYPASS_SECRET", "protection_bypass_for_automation_secret")
"""By what a file shows that a caller is let pass."""
_WHOLE = pattern(r"\"(?:all_deployments|only_production_deployments)\"")
_PROTECTED = pattern(r"\"(?:standard_protection(?:_new)?|all_deployments|only_production_deployments)\"")
_OPEN = pattern(r"\"(?:none|only_preview_deployments)\"")
_BY = ("vercel_authentication", "password_protection", "trusted_ips")
_KINDS = frozenset({"vercel_project", "vercel_project_deployment_protection"})
_OF_PROJECT = pattern(r"\bvercel_project\.(\w{1,80})\b")


@dataclass(frozen=True, slots=True)
class Protection:
    """What one resource says of a project's logins."""

    project: str
    """The label of the `vercel_project`; "" if it is made elsewhere."""
    file: File
    line: int
    open: bool
    """Whether no login is asked for but before previews."""
    whole: bool
    """Whether it is asked for before the domains of production, too."""


def protections(eyes: Eyes) -> Iterator[Protection]:
    """Every such setting, in the order of the files."""
    for _, file, block in made(eyes):
        if block.labels[0] not in _KINDS:
            continue
        named = _OF_PROJECT.search(block.text("project_id"))
        project = block.labels[1] if block.labels[0] == "vercel_project" else named[1] if named else ""
        listed = "trusted_ips" in block.keys or any(block.find("trusted_ips"))
        for key in _BY:
            text, line = _written(block, key)
            if _OPEN.search(text) and key == "vercel_authentication":
                yield Protection(project, file, line, open=True, whole=False)
            elif _PROTECTED.search(text):
                # A list of addresses may let the provider's through.
                yield Protection(project, file, line, open=False, whole=not listed and _WHOLE.search(text) is not None)


def domains(eyes: Eyes, project: str) -> list[re.Pattern[str]]:
    """By what an address shows that it is at a domain of a project: a reference to the resource, or the name itself."""
    found = []
    for scope, file, block in made(eyes):
        of = _OF_PROJECT.search(block.text("project_id"))
        if block.labels[0] == "vercel_project_domain" and of and of[1] == project and "redirect" not in block.keys:
            found.append(re.compile(rf"\bvercel_project_domain\.{block.labels[1]}\."))
            if name := scope.text(block.text("domain"), file):
                found.append(re.compile(rf"^https?://{re.escape(name)}(?:[/:?]|$)"))
    return found


def _written(block: Block, key: str) -> tuple[str, int]:
    inner = next(iter(block.find(key)), None)
    if inner is not None:
        return inner.keys.get("deployment_type", ("", inner.line))
    return block.keys.get(key, ("", block.line))
