"""Which functions do CloudFormation, SAM and the Serverless Framework attach to subnets without a way out?

    provider: {vpc: {subnetIds: [!Ref Inner], securityGroupIds: [!GetAtt Group.GroupId]}}
    Inner: {Type: AWS::EC2::Subnet}        Joins: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Inner, RouteTableId: !Ref Table}}
    Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from callcheck.model.evidence import Location, Lost
from callcheck.model.noun import dataclass
from callcheck.model.printable import clean
from callcheck.sources.aws_templates import templates
from callcheck.sources.documents import Table, each_of, value_at
from callcheck.sources.event_rules import resources
from callcheck.sources.files import File
from callcheck.sources.networks import NO_WAY_OUT, PUBLIC, SHUT_GROUP, Shut

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_ANYWHERE = "0.0.0.0/0"
_DUAL = "Ipv6AllowedForDualStack"
"""With it a function may leave by an egress-only gateway."""
_SUBNETS, _GROUPS = ("SubnetIds", "subnetIds"), ("SecurityGroupIds", "securityGroupIds")


@dataclass(frozen=True, slots=True)
class _Made:
    """A resource with its file."""

    file: File
    table: Table

    def at(self, *path: str | int) -> Any:
        return value_at(self.table, "Properties", *path)

    @property
    def where(self) -> Location:
        return Location(clean(self.file.name), self.table.line or 1)


def shut_in(eyes: Eyes) -> Iterator[Shut]:
    read = [each for each in templates(eyes) if not isinstance(each, Lost)]
    held = {name: _Made(file, each) for file, document in read for name, each in resources(document).items()}
    for file, document in read:
        for function, network in _attached(document):
            shut = _shut(held, network) if _DUAL not in str(network) else None
            if shut is not None:
                line = next((network.lines[key] for key in (_GROUPS if shut[0] == SHUT_GROUP else _SUBNETS) if key in network), network.line)
                yield Shut(function, shut[0], Location(clean(file.name), line or 1), shut[1], frozenset(_endpoints(held)))


def _attached(document: Table) -> Iterator[tuple[str, Table]]:
    """The functions of a template with the network of each, its own or that of all."""
    everywhere = value_at(document, "Globals", "Function", "VpcConfig")
    for name, each in resources(document).items():
        if each.get("Type") in _FUNCTIONS:
            network = value_at(each, "Properties", "VpcConfig") or everywhere
            if isinstance(network, Table):
                yield name, network
    functions = document.get("functions")
    for name, keys in functions.items() if isinstance(functions, Table) else ():
        network = value_at(keys, "vpc") or value_at(document, "provider", "vpc")
        if isinstance(network, Table):
            yield name, network


def _shut(held: dict[str, _Made], network: Table) -> tuple[str, Location] | None:
    """Why nothing leaves through any of its subnets, or through any of its groups."""
    subnets = _named(held, next((network[key] for key in _SUBNETS if key in network), None))
    ways = [_way(held, name) for name in subnets]
    if ways and all(each is not None for each in ways):
        return ways[0]
    groups = _named(held, next((network[key] for key in _GROUPS if key in network), None))
    closed = [held[name].where for name in groups if held[name].table.get("Type") == "AWS::EC2::SecurityGroup" and _closed(held, name)]
    return (SHUT_GROUP, closed[0]) if groups and len(closed) == len(groups) else None


def _named(held: dict[str, _Made], value: Any) -> list[str]:
    """The resources that a list of references names; none if something in it is not made here."""
    names = [next((word for word in re.findall(r"[A-Za-z]\w*", str(each)) if word in held), "") for each in value] if isinstance(value, list) else []
    return names if all(names) else []


def _way(held: dict[str, _Made], subnet: str) -> tuple[str, Location] | None:
    """None where a way leads out, or may."""
    if held[subnet].table.get("Type") != "AWS::EC2::Subnet" or not _named(held, [held[subnet].at("VpcId")]):
        return None
    joined = [each for each in held.values() if each.table.get("Type") == "AWS::EC2::SubnetRouteTableAssociation" and _named(held, [each.at("SubnetId")]) == [subnet]]
    tables = [name for each in joined for name in _named(held, [each.at("RouteTableId")])]
    if len(tables) != len(joined):
        return None
    routes = [each for each in held.values() if each.table.get("Type") == "AWS::EC2::Route" and _named(held, [each.at("RouteTableId")])[:1] in [[name] for name in tables]]
    outward = [each for each in routes if each.at("DestinationCidrBlock") == _ANYWHERE or not str(each.at("DestinationCidrBlock"))[:1].isdigit()]
    gateways = [name for each in outward for name in _named(held, [each.at("GatewayId")])]
    if len(gateways) != len(outward) or any(held[name].table.get("Type") != "AWS::EC2::InternetGateway" for name in gateways):
        return None
    return (PUBLIC, outward[0].where) if outward else (NO_WAY_OUT, held[tables[0]].where if tables else held[subnet].where)


def _closed(held: dict[str, _Made], group: str) -> bool:
    """Whether a security group names what may leave, and the web's port to anywhere is not among it."""
    rules = held[group].at("SecurityGroupEgress")
    apart = any(each.table.get("Type") == "AWS::EC2::SecurityGroupEgress" for each in held.values())
    return isinstance(rules, list) and bool(rules) and not apart and len(each_of(rules)) == len(rules) and not any(_lets(row) for _, row in each_of(rules))


def _lets(rule: Table) -> bool:
    """Whether a rule is for the web's port, or may be; what goes to a block of addresses other than all, or to another group, stays within."""
    if any(key in rule for key in ("DestinationSecurityGroupId", "DestinationPrefixListId")) or not str(rule.get("CidrIp", _ANYWHERE)).endswith("/0"):
        return isinstance(rule.get("CidrIp"), dict) or "DestinationPrefixListId" in rule
    first, last = rule.get("FromPort"), rule.get("ToPort")
    return str(rule.get("IpProtocol")) in ("-1", "all") or not isinstance(first, int) or not isinstance(last, int) or first <= 443 <= last


def _endpoints(held: dict[str, _Made]) -> Iterator[str]:
    for each in held.values():
        if each.table.get("Type") == "AWS::EC2::VPCEndpoint":
            named = re.search(r"\.([a-z0-9-]+)\W*$", str(each.at("ServiceName")))
            yield named[1] if named else "*"
