"""Which functions does AWS CDK attach to a network without a way out?

    const vpc = new ec2.Vpc(this, "Vpc", { natGateways: 0 });        new lambda.Function(this, "Hooks", { vpc, ... })
    new NodejsFunction(this, "Hooks", { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Literal, Node, last_name
from callcheck.sources.code.wording import lines_of
from callcheck.sources.networks import NO_WAY_OUT, PUBLIC, SHUT_GROUP, Shut

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MAKES = ("Function", "NodejsFunction", "PythonFunction")
_CDK = ("aws-cdk-lib", "aws_cdk", "@aws-cdk/")
_LEADS_OUT = pattern(r"\bSubnetType\.PRIVATE(?:_WITH_(?:EGRESS|NAT))?\b")
_NAT_OTHERWISE = pattern(r"NatGateway\b|NatProvider|NatInstance|natGatewayProvider|nat_gateway_provider|TransitGateway")
_ENDPOINT = pattern(r"(?:InterfaceVpcEndpointAwsService|GatewayVpcEndpointAwsService)\.([A-Z0-9_]+)")
_WITHIN = ("vpcSubnets", "vpc_subnets")


def shut_in(eyes: Eyes) -> Iterator[Shut]:
    if not eyes.code.present:
        return
    project = eyes.code.project
    modules = [module for path in project.holding(_CDK) if not is_test(path) and (module := project.module(path)) is not None and any(each in module.text for each in _CDK)]
    endpoints = frozenset(name.lower() for module in modules for name in _ENDPOINT.findall(module.text))
    if any(_NAT_OTHERWISE.search(module.text) for module in modules):
        return
    for call in (call for module in modules for call in module.calls(*_MAKES)):
        vpc, chosen = given_as(call, "vpc"), next((node for key in _WITHIN if (node := given_as(call, key)) is not None), None)
        found = (_chosen(chosen) if chosen is not None else _of_network(eyes, vpc)) or _of_groups(eyes, call) if vpc is not None else None
        if found is not None:
            named = next((each.value for each in call.args if isinstance(each, Literal) and isinstance(each.value, str)), "")
            yield Shut(named, found[0], _where(chosen or vpc or call), _where(found[1]), endpoints)


def _chosen(chosen: Node) -> tuple[str, Node] | None:
    kind = re.search(r"\bSubnetType\.(PRIVATE_ISOLATED|ISOLATED|PUBLIC)\b", lines_of(chosen))
    return (PUBLIC if kind[1] == "PUBLIC" else NO_WAY_OUT, chosen) if kind is not None else None


def _of_network(eyes: Eyes, vpc: Node | None) -> tuple[str, Node] | None:
    """Of one that is made here without NAT gateways, or without the kind of subnets that they serve."""
    made = eyes.code.origins.of(vpc).node
    if not isinstance(made, Call) or last_name(made.callee) != "Vpc" or any(not each.name for each in made.keywords):
        return None
    count = given_as(made, "natGateways") or given_as(made, "nat_gateways")
    if isinstance(count, Literal) and count.value == 0:
        return NO_WAY_OUT, count
    layout = given_as(made, "subnetConfiguration") or given_as(made, "subnet_configuration")
    return (NO_WAY_OUT, layout) if layout is not None and "SubnetType." in lines_of(layout) and not _LEADS_OUT.search(lines_of(layout)) else None


def _of_groups(eyes: Eyes, call: Call) -> tuple[str, Node] | None:
    """Groups that let nothing out (`allowAllOutbound: false`) and are given no rule for it."""
    listed = given_as(call, "securityGroups") or given_as(call, "security_groups")
    items = list(getattr(listed, "items", ()))
    made = [eyes.code.origins.of(each).node for each in items]
    offs = [given_as(each, "allowAllOutbound") or given_as(each, "allow_all_outbound") for each in made if isinstance(each, Call)]
    shut = [each for each in offs if isinstance(each, Literal) and each.value is False]
    if not items or len(shut) != len(items) or re.search(r"addEgressRule|add_egress_rule|allowTo|allow_to", module_of(call).text):
        return None
    return SHUT_GROUP, shut[0]


def _where(node: Node) -> Location:
    return Location(clean(module_of(node).path), node.line)
