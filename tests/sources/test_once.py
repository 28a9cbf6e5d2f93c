"""What is worked out once counts as read by each who asks for it, so that a kept answer is not given when those files have changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.errors import SourceError
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.terraform import made, scopes

QUEUES = 'resource "aws_sqs_queue" "q" {\n  for_each = var.queues\n  name = each.key\n}\n'


def eyes_of(folder: Path, **files: str) -> Eyes:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return Eyes(Target(base=folder, folders=(folder,)), Knowledge())


def test_terraform_is_read_once_and_asked_for_by_each(tmp_path: Path) -> None:
    eyes = eyes_of(tmp_path, main_tf=QUEUES, prod_tfvars="queues = {\n  orders = 1\n  mails = 2\n}\n")
    files = {"main.tf", "prod.tfvars"}
    first = scopes(eyes)
    assert (len(list(made(eyes))), eyes.asked) == (2, files)
    eyes.asked.clear()
    assert (scopes(eyes) is first, eyes.asked) == (True, files)


def test_what_was_asked_for_before_counts_for_the_next_one_too(tmp_path: Path) -> None:
    eyes = eyes_of(tmp_path, main_tf=QUEUES)
    file = eyes.tree.files[0]
    eyes.text(file)
    eyes.hcl(file)
    eyes.asked.clear()
    eyes.hcl(file)
    assert eyes.asked == {"main.tf"}


def test_what_fails_is_asked_for_and_not_kept(tmp_path: Path) -> None:
    eyes = eyes_of(tmp_path, main_tf="\0")
    for _ in range(2):
        eyes.asked.clear()
        with pytest.raises(SourceError):
            eyes.hcl(eyes.tree.files[0])
        assert eyes.asked == {"main.tf"}
