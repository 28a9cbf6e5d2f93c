"""Which functions of Lambda are attached to a network from which no way leads to the internet, as far as the files say?

    vpc: {subnetIds: [!Ref Inner]}                    # and no route of Inner's table leads to a NAT gateway
    vpc_config { subnet_ids = aws_subnet.open[*].id } # a function gets no address of its own there, so an internet gateway is of no use
    new ec2.Vpc(this, "Vpc", { natGateways: 0 })

Sources: docs.aws.amazon.com, configuration-vpc-internet (a function in a VPC reaches the internet through NAT alone) and vpc-route-tables; registry.terraform.io, aws_security_group (the rule
that lets all out is taken away), terraform-aws-modules/vpc (`enable_nat_gateway` is false); docs.aws.amazon.com/cdk, aws-ec2.Vpc (`natGateways`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass

if TYPE_CHECKING:
    from callcheck.sources import Eyes

__all__ = ["NO_WAY_OUT", "PUBLIC", "SHUT_GROUP", "Shut", "shut_in"]

NO_WAY_OUT, PUBLIC, SHUT_GROUP = "no-way-out", "public", "shut-group"


@dataclass(frozen=True, slots=True)
class Shut:
    """A function by the name that it has in its deployment; `where` attaches it, and `by` is what leads nowhere."""

    function: str
    why: str
    """NO_WAY_OUT, PUBLIC (through an internet gateway, for which it has no address) or SHUT_GROUP (its security group lets nothing out to the web)."""
    where: Location
    by: Location
    endpoints: frozenset[str] = frozenset()
    """The services of AWS that can be reached all the same, by endpoints: `sqs`, `s3`."""


def shut_in(eyes: Eyes) -> list[Shut]:
    """Nothing of a function whose subnets or groups are made elsewhere."""
    from callcheck.sources.networks import constructs, stacks, terraform

    return [*stacks.shut_in(eyes), *terraform.shut_in(eyes), *constructs.shut_in(eyes)]
