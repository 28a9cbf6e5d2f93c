"""Can a function of Lambda reach what its code calls, from the network that it is attached to?

    vpc: {subnetIds: [!Ref Inner]}                       # a subnet whose route table leads to no NAT gateway
    await openai.chat.completions.create({...})          # hangs until its limit, while the database next door answers

Source: docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet: what is attached to a VPC has no way but the VPC's, and no public address.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_calls import aws_calls
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES
from callcheck.sources.code.reached import ELSEWHERE, Reached, called_back, reached
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.environment import settings
from callcheck.sources.function_callers import deployed_functions
from callcheck.sources.function_code import code_of
from callcheck.sources.networks import NO_WAY_OUT, PUBLIC, SHUT_GROUP, Shut, shut_in

_AWS = ".amazonaws.com"
_ENDPOINTS: dict[str, str | tuple[str, ...]] = {
    "events": ("events", "eventbridge"), "states": ("states", "sync-states", "step_functions"), "execute-api": ("execute-api", "apigateway"), "ses": ("email", "ses"), "kinesis": "kinesis", "bedrock": "bedrock",
}  # fmt: skip
"""What the endpoints are called of services that have other names there, or in CDK."""
_WHY = {
    NO_WAY_OUT: "the subnets of this function have no route to the internet (no NAT gateway), so calls to {} hang until they time out; add a NAT gateway and a route to it{}",
    PUBLIC: "a function in a VPC has no public address, so an internet gateway is of no use to it and calls to {} hang until they time out; use private subnets with a route to a NAT gateway",
    SHUT_GROUP: "the security group of this function lets nothing out to port 443, so calls to {} hang until they time out; add an egress rule for it",
}


class ShutIn:
    """One evidence a function that calls out. Silent where its network is made elsewhere, or its calls may go through a proxy."""

    name = "shut-in"
    looks_at = (*TEMPLATES, SERVERLESS, "*.tf", "cdk.json", "package.json", "requirements*.txt")
    marks = ("VpcConfig", "subnetIds", "vpc_config", "aws-cdk-lib", "aws_cdk")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        shut = {each.function: each for each in reversed(shut_in(eyes))}
        if not shut or any(ELSEWHERE.search(each.name) for each in settings(eyes)):
            return
        outside = [*reached(eyes.code), *_of_aws(eyes), *called_back(eyes.code)]
        told: set[Shut] = set()
        for deployed in deployed_functions(eyes) if outside else ():
            held = shut.get(deployed.name)
            paths = code_of(deployed, eyes.code.project.sources)
            loaded = eyes.code.programs.loads(paths[0]) if held is not None and len(paths) == 1 else frozenset()
            call = next((each for each in outside if module_of(each.call).path in loaded and held is not None and not _by_endpoint(held, each)), None)
            if held is not None and call is not None and (same := Shut("", held.why, held.where, held.by)) not in told:
                told.add(same)
                yield self._told(held, call)

    def _told(self, held: Shut, call: Reached) -> Evidence:
        fact = LibraryTrap("upstream-timeout", "strong", _WHY[held.why].format(_whom(call), ", or an endpoint of the VPC" if call.host.endswith(_AWS) else ""), clean(held.function, 60), "aws-lambda", module_of(call.call).language)
        leads = Evidence(fact, Basis.DECLARED, self.name, held.by, label="this lets nothing out" if held.why == SHUT_GROUP else "this leads to no NAT gateway")
        return Evidence(fact, Basis.DECLARED, self.name, held.where, because=(seen(fact, call.call, self.name, label=f"this calls {_whom(call)}"), leads))


def _whom(call: Reached) -> str:
    return clean(call.host, 60) or "addresses outside"


def _of_aws(eyes: Eyes) -> Iterator[Reached]:
    """The services of AWS that the code calls; a client that is given an address of its own may have one within."""
    for call, action in aws_calls(eyes.code):
        if "endpoint" not in module_of(call).text:
            yield Reached(f"{action.partition(':')[0]}{_AWS}", call)


def _by_endpoint(held: Shut, call: Reached) -> bool:
    """Whether an endpoint of the VPC leads to the service; a closed group of the function's may let through to one in ways that are not followed."""
    service = call.host.removesuffix(_AWS)
    return call.host.endswith(_AWS) and (held.why == SHUT_GROUP or "*" in held.endpoints or any(each.startswith(_ENDPOINTS.get(service, service)) for each in held.endpoints))


PROBE = ShutIn()
