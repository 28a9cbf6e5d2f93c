"""Notifications of one bucket that replace one another are told, however the several of them come about."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.replaced_events import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

ONE = 'resource "aws_s3_bucket_notification" "{name}" {{\n  bucket = {bucket}\n  {more}\n  lambda_function {{ lambda_function_arn = aws_lambda_function.{name}.arn }}\n}}\n'
MODULE = 'module "{name}" {{\n  source = "terraform-aws-modules/s3-bucket/aws//modules/notification"\n  bucket = {bucket}\n}}\n'
HERE = "aws_s3_bucket.scans.id"


def one(name: str, bucket: str = HERE, more: str = "", text: str = ONE) -> str:
    return text.format(name=name, bucket=bucket, more=more)


def said(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(item.fact.effect, str(item.where)) for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    "text",
    [
        one("a") + one("b"),
        one("a", text=MODULE) + one("b", text=MODULE),
        one("a") + one("b", text=MODULE),
        one("a", more="for_each = { scans = 1, notes = 2 }"),
        one("a", more='for_each = toset(["scans", "notes"])'),
        'locals {\n  found = { scans = "a", notes = "b" }\n}\n' + one("a", more="for_each = local.found"),
        one("a", more="count = 2"),
    ],
    ids=["two resources", "two modules", "one of each", "for each of a table", "for each of a set", "for each of a local", "count"],
)
def test_one_bucket_has_one_configuration(tmp_path: Path, text: str) -> None:
    ((effect, where),) = said(tmp_path, {"main.tf": text})
    assert effect == "missing-subscription"
    assert where.startswith("main.tf:")


@pytest.mark.parametrize(
    "text",
    [
        one("a") + one("b", "aws_s3_bucket.notes.id"),
        one("a"),
        one("a", "aws_s3_bucket.all[each.key].id", "for_each = { scans = 1, notes = 2 }"),
        one("a", more="for_each = { scans = 1 }"),
        one("a", more="count = var.on ? 1 : 0"),
        one("a", more="for_each = var.found"),
    ],
    ids=["another bucket", "one", "a bucket each", "one round", "one or none", "it cannot be told"],
)
def test_silent(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, {"main.tf": text}) == []
