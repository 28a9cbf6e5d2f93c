"""A function that CloudFormation attaches to subnets has a way out where a route leads to something that translates its address."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.networks.stacks import shut_in

TOP = "Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, VpcConfig: {SubnetIds: [!Ref S], SecurityGroupIds: [!GetAtt G.GroupId]}}}\n"
NET = "  V: {Type: AWS::EC2::VPC}\n  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V}}\n"
TABLE = "  T: {Type: AWS::EC2::RouteTable}\n  J: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref S, RouteTableId: !Ref T}}\n"
ROUTE = "  I: {Type: AWS::EC2::InternetGateway}\n  R: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T, DestinationCidrBlock: %s, %s}}\n"
GROUP = "  G: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [{IpProtocol: %s, FromPort: 5432, ToPort: 5432, CidrIp: %s}]}}\n"


def why(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    return [(each.why, str(each.by)) for each in shut_in(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TOP + NET, [("no-way-out", "template.yaml:4")]),
        (TOP + NET + TABLE, [("no-way-out", "template.yaml:5")]),
        (TOP + NET + TABLE + ROUTE % ("10.0.0.0/8", "GatewayId: !Ref I"), [("no-way-out", "template.yaml:5")]),
        (TOP + NET + TABLE + ROUTE % ("0.0.0.0/0", "GatewayId: !Ref I"), [("public", "template.yaml:8")]),
        (TOP + GROUP % ("tcp", "0.0.0.0/0"), [("shut-group", "template.yaml:3")]),
        (TOP + GROUP % ("-1", "10.0.0.0/16"), [("shut-group", "template.yaml:3")]),
    ],
)
def test_no_way_leads_out(tmp_path: Path, text: str, told: list[tuple[str, str]]) -> None:
    assert why(tmp_path, text) == told


@pytest.mark.parametrize(
    "text",
    [
        TOP + NET + TABLE + ROUTE % ("0.0.0.0/0", "NatGatewayId: nat-1"),
        TOP + NET + TABLE + ROUTE % ("0.0.0.0/0", "GatewayId: !Ref VpnGateway"),
        TOP + NET + TABLE + ROUTE % ("!Ref Anywhere", "NatGatewayId: nat-1"),
        TOP + NET.replace("!Ref V", "vpc-1"),
        TOP,
        TOP.replace("SecurityGroupIds:", "Ipv6AllowedForDualStack: true, SecurityGroupIds:") + NET,
        TOP + GROUP % ("-1", "0.0.0.0/0"),
    ],
)
def test_a_way_leads_out_or_may(tmp_path: Path, text: str) -> None:
    assert why(tmp_path, text) == []


def test_what_the_serverless_framework_brings_in_is_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/net.yml").write_text("Resources:\n" + NET, encoding="utf-8")
    (tmp_path / "serverless.yml").write_text("provider: {vpc: {subnetIds: [!Ref S]}}\nfunctions: {f: {handler: a.b}}\nresources:\n  - ${file(parts/net.yml)}\n", encoding="utf-8")
    found = list(shut_in(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())))
    assert [(each.function, str(each.where), str(each.by)) for each in found] == [("f", "serverless.yml:1", "parts/net.yml:3")]
