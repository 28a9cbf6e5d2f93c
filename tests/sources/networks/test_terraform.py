"""A function that Terraform attaches to subnets has a way out where a route leads to something that translates its address."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.networks.terraform import shut_in

FUNCTION = 'resource "aws_lambda_function" "f" {\n  vpc_config {\n    subnet_ids = %s\n    security_group_ids = [%s]\n  }\n}\n'
INNER = FUNCTION % ("aws_subnet.inner[*].id", "var.group")
NET = 'resource "aws_vpc" "v" {}\nresource "aws_subnet" "inner" {\n  vpc_id = aws_vpc.v.id\n}\n'
TABLE = 'resource "aws_route_table" "t" {\n%s}\nresource "aws_route_table_association" "j" {\n  subnet_id = aws_subnet.inner[count.index].id\n  route_table_id = aws_route_table.t.id\n}\n'
ROUTE = '  route {\n    cidr_block = "0.0.0.0/0"\n    %s\n  }\n'
MODULE = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n%s}\n'
PRIVATE = FUNCTION % ("module.vpc.private_subnets", "module.vpc.default_security_group_id")
GROUP = 'resource "aws_security_group" "g" {\n  vpc_id = var.vpc\n%s}\n'
GROUPED = FUNCTION % ("var.subnets", "aws_security_group.g.id")
EGRESS = '  egress {\n    from_port = 0\n    to_port = 0\n    protocol = "-1"\n    cidr_blocks = [%s]\n  }\n'


def why(folder: Path, text: str) -> list[str]:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return [each.why for each in shut_in(Eyes(Target(base=folder, folders=(folder,)), Knowledge()))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (INNER + NET, "no-way-out"),
        (INNER + NET + TABLE % "", "no-way-out"),
        (INNER + NET + TABLE % (ROUTE % "gateway_id = aws_internet_gateway.i.id"), "public"),
        (PRIVATE + MODULE % "", "no-way-out"),
        (PRIVATE.replace("private_", "public_") + MODULE % "  enable_nat_gateway = true\n", "public"),
        (GROUPED + GROUP % "", "shut-group"),
        (GROUPED + GROUP % (EGRESS % '"10.0.0.0/16"'), "shut-group"),
    ],
)
def test_no_way_leads_out(tmp_path: Path, text: str, told: str) -> None:
    assert why(tmp_path, text) == [told]


@pytest.mark.parametrize(
    "text",
    [
        INNER + NET + TABLE % (ROUTE % "nat_gateway_id = aws_nat_gateway.n.id"),
        INNER + NET + TABLE % "" + 'resource "aws_route" "o" {\n  route_table_id = aws_route_table.t.id\n  destination_cidr_block = "0.0.0.0/0"\n  nat_gateway_id = aws_nat_gateway.n.id\n}\n',
        INNER + NET + TABLE % '  dynamic "route" {\n    for_each = var.routes\n  }\n',
        INNER + NET.replace("aws_vpc.v.id", "data.aws_vpc.v.id"),
        INNER + NET + 'resource "aws_route" "o" {\n  route_table_id = aws_vpc.v.main_route_table_id\n}\n',
        PRIVATE + MODULE % "  enable_nat_gateway = true\n",
        PRIVATE + MODULE % "  enable_nat_gateway = var.nat\n",
        GROUPED + GROUP % (EGRESS % '"0.0.0.0/0"'),
        GROUPED + GROUP % "" + 'resource "aws_vpc_security_group_egress_rule" "o" {\n  security_group_id = aws_security_group.g.id\n  ip_protocol = "-1"\n  cidr_ipv4 = "0.0.0.0/0"\n}\n',
        GROUPED + GROUP % "" + 'resource "aws_security_group_rule" "o" {\n  security_group_id = aws_security_group.g.id\n  type = "egress"\n  from_port = 443\n  to_port = 443\n  cidr_blocks = ["0.0.0.0/0"]\n}\n',
        GROUPED,
    ],
)
def test_a_way_leads_out_or_may(tmp_path: Path, text: str) -> None:
    assert why(tmp_path, text) == []
