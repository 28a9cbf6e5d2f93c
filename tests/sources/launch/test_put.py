"""A file under another name on the server is found by what puts it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch.find import near

SOURCE = "deploy/shop.env.tmpl"
PUTS = {
    "envsubst": ("install.sh", "envsubst < deploy/shop.env.tmpl > /etc/shop/live.env\n"),
    "a mode": ("install.sh", "sudo install -m 0640 deploy/shop.env.tmpl /etc/shop/live.env\n"),
    "another host": ("push.sh", "scp deploy/shop.env.tmpl root@shop-1:/etc/shop/live.env\n"),
    "a folder in a variable": ("install.sh", 'DIR=/etc/shop\ncp deploy/shop.env.tmpl "$DIR/live.env"\n'),
    "a playbook": ("site.yml", "- tasks:\n    - name: a\n      template:\n        src: shop.env.tmpl\n        dest: /etc/shop/live.env\n    - name: b\n      copy: {src: x, dest: /y}\n"),
    "an image": ("deploy/shop.service", "COPY shop.env.tmpl /etc/shop/live.env\n"),
}


def _found(folder: Path, name: str, text: str) -> str:
    for path, content in {"deploy/shop.service": "", SOURCE: "A=1\n", name: text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    eyes = Eyes(Target(base=folder, folders=(folder,)), Knowledge())
    unit = eyes.tree.get("deploy/shop.service")
    found = near(eyes, unit, "/etc/shop/live.env") if unit else None
    return found.name if found else ""


@pytest.mark.parametrize("way", PUTS)
def test_what_is_put_at_the_path(tmp_path: Path, way: str) -> None:
    assert _found(tmp_path, *PUTS[way]) == SOURCE


def test_two_files_that_are_put_at_one_path_say_nothing(tmp_path: Path) -> None:
    assert _found(tmp_path, "install.sh", "cp deploy/shop.env.tmpl /etc/shop/live.env\ncp deploy/b.env /etc/shop/live.env\n") == ""


def test_a_file_at_another_path_is_another(tmp_path: Path) -> None:
    assert _found(tmp_path, "install.sh", "cp deploy/shop.env.tmpl /etc/shop/other/live.env\n") == ""
