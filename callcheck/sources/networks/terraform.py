"""Which functions does Terraform attach to subnets without a way out?

    vpc_config { subnet_ids = aws_subnet.inner[*].id }                  resource "aws_route" "out" { route_table_id = aws_route_table.inner.id, nat_gateway_id = ... }
    vpc_config { subnet_ids = module.vpc.private_subnets }              module "vpc" { source = "terraform-aws-modules/vpc/aws" }, which makes no NAT gateway unless it is told to
    resource "aws_security_group" "function" { vpc_id = ... }           without `egress` nothing leaves
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location, Lost
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.networks import NO_WAY_OUT, PUBLIC, SHUT_GROUP, Shut
from callcheck.sources.service_targets import said
from callcheck.sources.terraform import Scope, scopes

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_KEYS = ("subnet_ids", "security_group_ids")
_SUBNET, _GROUP = pattern(r"\baws_subnet\.(\w+)"), pattern(r"\baws_security_group\.(\w+)")
_OF_MODULE = pattern(r"\bmodule\.(\w+)\.(private|public|intra|database)_subnets\b")
_ELSEWHERE = pattern(r"\b(?:data|var|module|each)\.|\baws_(?!subnet\b|security_group\b)\w+\.|\?")
_VPC = pattern(r"(?:\$\{\s*)?aws_vpc\.")
_VPC_MODULE = pattern(r"(?:^|/)terraform-aws-modules/vpc/aws(?:$|//)|terraform-aws-modules/terraform-aws-vpc")
_ANYWHERE = pattern(r"\"0\.0\.0\.0/0\"")
_INTERNET = pattern(r"\baws_internet_gateway\.")
_DYNAMIC = pattern(r"\b(?:var|local|each|module|data)\.|\?")


def shut_in(eyes: Eyes) -> Iterator[Shut]:
    for scope in scopes(eyes):
        if not isinstance(scope, Lost):
            yield from _in(scope)


def _in(scope: Scope) -> Iterator[Shut]:
    network = _Network(scope)
    for file, block in scope.resources():
        attached = block.first("vpc_config")
        if block.labels[0] != "aws_lambda_function" or "subnet_ids" not in attached.keys or attached.text("ipv6_allowed_for_dual_stack") not in ("", "false"):
            continue
        subnets, groups = (scope.settled(attached.keys.get(key, ("", 0)), file).value for key in _KEYS)
        found = network.subnets(subnets) or network.groups(groups)
        if found is not None:
            line = attached.keys[_KEYS[found[0] == SHUT_GROUP]][1]
            yield Shut(block.label, found[0], Location(clean(file.name), line), found[1], frozenset(network.endpoints()))


class _Network:
    """What one folder makes of networks."""

    def __init__(self, scope: Scope) -> None:
        self._made: dict[tuple[str, str], tuple[File, Block]] = {(block.labels[0], block.label): (file, block) for file, block in scope.resources()}
        self._modules = {block.label: (file, block) for file, root in scope.found for block in root.blocks if block.kind == "module"}
        self._text = [said(block) for _, root in scope.found for block in root.blocks]

    def of(self, kind: str) -> Iterator[tuple[File, Block]]:
        yield from (each for (made, _), each in self._made.items() if made == kind)

    def subnets(self, told: str) -> tuple[str, Location] | None:
        """Why nothing leaves through any of the subnets that a text names."""
        module = _OF_MODULE.search(told)
        if module is not None and not _ELSEWHERE.search(_OF_MODULE.sub("", told)):
            return self._module(module[1], module[2])
        names = _SUBNET.findall(told)
        if not names or _ELSEWHERE.search(told):
            return None
        ways = [self._way(name) for name in names]
        return ways[0] if all(each is not None for each in ways) else None

    def _module(self, name: str, kind: str) -> tuple[str, Location] | None:
        """Of the public module, which makes NAT gateways only if it is told to; routes that are made beside it are not followed."""
        file, block = self._modules.get(name, (None, None))
        if file is None or block is None or not _VPC_MODULE.search(block.text("source")) or any(f"module.{name}." in each and "route_table" in each for each in self._text):
            return None
        nat = block.text("enable_nat_gateway") or "false"
        if nat != "false" and kind not in ("intra", "public"):
            return None
        line = block.keys["enable_nat_gateway"][1] if "enable_nat_gateway" in block.keys and kind != "intra" else block.line
        return (PUBLIC if kind == "public" else NO_WAY_OUT), Location(clean(file.name), line)

    def _way(self, subnet: str) -> tuple[str, Location] | None:
        """None where a way leads out, or may."""
        file, block = self._made.get(("aws_subnet", subnet), (None, None))
        if file is None or block is None or not _VPC.match(block.text("vpc_id")) or any("main_route_table_id" in each or "default_route_table_id" in each for each in self._text):
            return None
        joins = [each for _, each in self.of("aws_route_table_association") if re.search(rf"\baws_subnet\.{re.escape(subnet)}\b", each.text("subnet_id") + each.text("for_each"))]
        tables = [found[1] for each in joins if (found := re.search(r"\baws_route_table\.(\w+)", each.text("route_table_id"))) is not None]
        if len(tables) != len(joins) or not all(("aws_route_table", name) in self._made for name in tables):
            return None
        routes = [route for name in tables for route in self._routes(name)]
        if any(_DYNAMIC.search(each.text(key)) for each in routes for key in ("cidr_block", "destination_cidr_block")) or any(each.labels[:1] == ("route",) for each in routes):
            return None
        outward = [each for each in routes if _ANYWHERE.search(each.keys.get("cidr_block", each.keys.get("destination_cidr_block", ("", 0)))[0]) or "::/0" in said(each)]
        if any(not _INTERNET.search(each.text("gateway_id")) for each in outward):
            return None
        there, table = self._made["aws_route_table", tables[0]] if tables else (file, block)
        return (PUBLIC if outward else NO_WAY_OUT), Location(clean(there.name), table.line)

    def _routes(self, table: str) -> Iterator[Block]:
        yield from self._made["aws_route_table", table][1].find("route")
        yield from (each for each in self._made["aws_route_table", table][1].blocks if each.kind == "dynamic")
        yield from (each for _, each in self.of("aws_route") if re.search(rf"\baws_route_table\.{re.escape(table)}\b", each.text("route_table_id") + each.text("for_each")))

    def groups(self, told: str) -> tuple[str, Location] | None:
        """Why none of the groups that a text names lets anything out to the web."""
        names = _GROUP.findall(told)
        if not names or _ELSEWHERE.search(told) or not all(self._closed(name) for name in names):
            return None
        file, block = self._made["aws_security_group", names[0]]
        return SHUT_GROUP, Location(clean(file.name), block.line)

    def _closed(self, group: str) -> bool:
        _, block = self._made.get(("aws_security_group", group), (None, None))
        if block is None or "egress" in block.keys or any(each.kind == "dynamic" and each.label == "egress" for each in block.blocks) or "vpc_id" not in block.keys:
            return False
        apart = [each for kind in ("aws_security_group_rule", "aws_vpc_security_group_egress_rule") for _, each in self.of(kind) if f"aws_security_group.{group}." in each.text("security_group_id")]
        rules = [*(each for each in block.blocks if each.kind == "egress"), *(each for each in apart if each.labels[0] != "aws_security_group_rule" or each.text("type") != "ingress")]
        return not any(f"aws_security_group.{group}" in each.text("source") for _, each in self._modules.values()) and not any(_lets(each) for each in rules)

    def endpoints(self) -> Iterator[str]:
        for _, block in self.of("aws_vpc_endpoint"):
            named = re.search(r"\.([a-z0-9-]+)\"?$", block.text("service_name"))
            yield named[1] if named else "*"


def _lets(rule: Block) -> bool:
    """Whether a rule is for the web's port, or may be; what goes to a block of addresses other than all, or to another group, stays within."""
    blocks = rule.text("cidr_blocks") or rule.text("cidr_ipv4")
    within = ("source_security_group_id", "referenced_security_group_id", "security_groups")
    if blocks and "0.0.0.0/0" not in blocks or not blocks and any(key in rule.keys for key in within):
        return bool(blocks) and _DYNAMIC.search(blocks) is not None
    first, last = rule.text("from_port"), rule.text("to_port")
    return (rule.text("protocol") or rule.text("ip_protocol")) in ("-1", "all") or not first.isdigit() or not last.isdigit() or int(first) <= 443 <= int(last)
