"""A function that CDK puts into a network has a way out where the network has NAT gateways for its subnets."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.networks.constructs import shut_in
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
TS = "import * as ec2 from 'aws-cdk-lib/aws-ec2';\nconst vpc = new ec2.Vpc(this, 'Vpc', { %s });\nnew lambda.Function(this, 'F', { vpc, %s });\n"
PY = "from aws_cdk import aws_ec2 as ec2\nvpc = ec2.Vpc(self, 'Vpc', %s)\nlambda_.Function(self, 'F', vpc=vpc)\n"


def why(folder: Path, name: str, text: str) -> list[tuple[str, str]]:
    (folder / name).write_text(text, encoding="utf-8")
    return [(each.function, each.why) for each in shut_in(Eyes(Target(base=folder, folders=(folder,)), KNOWN))]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.ts", TS % ("natGateways: 0", ""), "no-way-out"),
        ("a.ts", TS % ("", "vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }"), "no-way-out"),
        ("a.ts", TS % ("", "allowPublicSubnet: true, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }"), "public"),
        ("a.ts", TS % ("subnetConfiguration: [{ name: 'a', subnetType: ec2.SubnetType.PUBLIC }, { name: 'b', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }]", ""), "no-way-out"),
        ("a.ts", TS % ("", "securityGroups: [new ec2.SecurityGroup(this, 'G', { vpc, allowAllOutbound: false })]"), "shut-group"),
        ("a.py", PY % "nat_gateways=0", "no-way-out"),
    ],
)
def test_no_way_leads_out(tmp_path: Path, name: str, text: str, told: str) -> None:
    assert why(tmp_path, name, text) == [("F", told)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ts", TS % ("maxAzs: 2", "")),
        ("a.ts", TS % ("natGateways: 0, natGatewayProvider: ec2.NatProvider.instanceV2({})", "")),
        ("a.ts", TS % ("", "vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }")),
        ("a.ts", "import * as ec2 from 'aws-cdk-lib/aws-ec2';\nconst vpc = ec2.Vpc.fromLookup(this, 'Vpc', { isDefault: true });\nnew lambda.Function(this, 'F', { vpc });\n"),
        ("a.py", PY % "nat_gateways=1"),
    ],
)
def test_a_way_leads_out_or_may(tmp_path: Path, name: str, text: str) -> None:
    assert why(tmp_path, name, text) == []
