"""Which folders are looked into?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import walk
from callcheck.sources.files import Tree


def surveyed(base: Path, *names: str) -> Tree:
    """What is listed of a folder with these files in it, each with one line."""
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text("x\n")
    return walk.survey(Target(base, folders=(base,)))


def names(tree: Tree) -> list[str]:
    return [file.name for file in tree.files]


@pytest.mark.parametrize("folder", ["env", "venv", ".venv", "virtualenv", "deploy/env"])
def test_configuration_in_a_folder_named_env_is_read(tmp_path: Path, folder: str) -> None:
    kept = [f"{folder}/production.yaml", f"{folder}/prod.tfvars", f"{folder}/lib/app.py"]
    assert names(surveyed(tmp_path, *kept)) == sorted(kept)


@pytest.mark.parametrize("sign", ["pyvenv.cfg", "bin/activate", "Scripts/activate", "conda-meta/history"])
def test_a_virtual_environment_is_left_out(tmp_path: Path, sign: str) -> None:
    tree = surveyed(tmp_path, f"env/{sign}", "env/lib/python3.11/x.py", "env/app.py", "app.py")
    assert (names(tree), tree.left_out) == (["app.py"], (("installed", "env/"),))


def test_a_real_virtual_environment_is_left_out_whatever_it_is_called(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "tools"], check=True)
    tree = surveyed(tmp_path, "app.py")
    assert (names(tree), tree.left_out) == (["app.py"], (("installed", "tools/"),))


def test_a_folder_that_packages_were_installed_into_is_left_out(tmp_path: Path) -> None:
    tree = surveyed(tmp_path, "layer/python/boto3/client.py", "layer/python/boto3-1.40.2.dist-info/METADATA", "layer/build.py")
    assert (names(tree), tree.left_out) == (["layer/build.py"], (("installed", "layer/python/"),))


def test_one_that_is_named_is_read(tmp_path: Path) -> None:
    surveyed(tmp_path, "env/pyvenv.cfg", "env/app.py", "node_modules/a/index.js")
    tree = walk.survey(Target(tmp_path, folders=(tmp_path, tmp_path / "env", tmp_path / "node_modules")))
    assert names(tree) == ["env/app.py", "env/pyvenv.cfg", "node_modules/a/index.js"]
    assert tree.left_out == ()


@pytest.mark.parametrize("folder", ["vendor", "third_party", "bundle", "web/dist", "web/build", "web/out"])
def test_a_folder_of_other_peoples_code_or_build_output_is_read_where_it_holds_configuration_alone(tmp_path: Path, folder: str) -> None:
    config = [f"{folder}/web.yaml", f"{folder}/Dockerfile", f"{folder}/deep/prod.env", f"{folder}/README.md"]
    assert names(surveyed(tmp_path, *config, "web/package.json")) == sorted((*config, "web/package.json"))
    tree = surveyed(tmp_path, f"{folder}/deep/er/main.go")
    reason = "built" if folder.startswith("web") else "vendored"
    assert (names(tree), tree.left_out) == (["web/package.json"], ((reason, f"{folder}/"),))


def test_build_output_is_what_stands_beside_a_manifest(tmp_path: Path) -> None:
    tree = surveyed(tmp_path, "dist/a.js", "web/package.json", "web/dist/b.js", "web/src/dist/c.js")
    assert (names(tree), tree.left_out) == (["dist/a.js", "web/package.json", "web/src/dist/c.js"], (("built", "web/dist/"),))


def test_caches_are_not_worth_a_word(tmp_path: Path) -> None:
    tree = surveyed(tmp_path, ".git/config", "__pycache__/a.py", ".next/b.js", "coverage/c.js", "d.js")
    assert (names(tree), tree.left_out) == (["d.js"], ())


def test_no_link_leads_out_of_the_target(tmp_path: Path) -> None:
    (tmp_path / "out.py").write_text("x")
    surveyed(tmp_path / "app", "in.py")
    (tmp_path / "app/a.py").symlink_to("in.py")
    (tmp_path / "app/b.py").symlink_to("../out.py")
    (tmp_path / "app/c").symlink_to("..")
    os.mkfifo(tmp_path / "app/d.py")
    assert names(surveyed(tmp_path / "app")) == ["a.py", "in.py"]


def test_what_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refused(place: Path) -> object:
        if place.name == "secret":
            raise PermissionError(13, "Permission denied")
        return real(place)

    surveyed(tmp_path, "secret/a.py", "b.py")
    monkeypatch.setattr(os, "scandir", refused)
    tree = surveyed(tmp_path)
    assert (names(tree), [(lost.what, lost.why) for lost in tree.lost]) == (["b.py"], [("secret", "Permission denied")])


def test_of_very_many_files_the_first_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_FILES", 2)
    tree = surveyed(tmp_path, "a/1.py", "b/2.py", "c/3.py")
    assert (names(tree), [lost.why for lost in tree.lost]) == (["a/1.py", "b/2.py"], ["only the first 2 files were listed"])
