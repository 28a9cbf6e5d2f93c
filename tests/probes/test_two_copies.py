"""A library of which two packages of a project have copies that exclude each other is told of, where one copy is set up and the other is used."""

from __future__ import annotations

import json

import pytest

from callcheck.probes.two_copies import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

MODELS = "const mongoose = require('mongoose');\nmongoose.connection.on('connected', load);\n"
API = "const mongoose = require('mongoose');\nconst { Keg } = require('@mill/models');\nmongoose.connect(process.env.DB);\n"


def project(ours: str = "^8.9.2", theirs: str = "^7.8.3", *, kind: str = "dependencies", models: str = MODELS, api: str = API, library: str = "mongoose") -> dict[str, str]:
    return {
        "package.json": json.dumps({"name": "mill", "workspaces": ["*"]}),
        "models/package.json": json.dumps({"name": "@mill/models", kind: {library: theirs}}, indent=1),
        "models/index.js": models,
        "api/package.json": json.dumps({"name": "@mill/api", "dependencies": {"@mill/models": "*", library: ours}}, indent=1),
        "api/server.js": api,
    }


def test_a_copy_that_is_set_up_and_one_that_is_used(tmp_path) -> None:
    found = look(tmp_path, project())
    assert [(item.fact.effect, item.where.path, item.where.line) for item in found] == [("wrong-instance", "models/package.json", 4)]
    assert [(each.where.path, each.where.line) for each in found[0].because] == [("api/package.json", 5), ("models/index.js", 2), ("api/server.js", 3)]


def test_strategies_of_passport(tmp_path) -> None:
    files = project("^0.7.0", "^0.4.1", library="passport", models="const passport = require('passport');\npassport.use(local);\n", api="const passport = require('passport');\napp.use(passport.initialize());\n")
    assert [item.fact.framework for item in look(tmp_path, files)] == ["passport"]


@pytest.mark.parametrize(
    "files",
    [
        project("^8.9.2", "^8.0.0"),
        project("^8.9.2", ">=7"),
        project("^8.9.2", "*"),
        project(kind="peerDependencies"),
        project(models="module.exports = { name: 'mongoose' };\n"),
        project(models=MODELS + "mongoose.connect(process.env.OWN);\n"),
        project(api="const { Keg } = require('@mill/models');\nKeg.find();\n"),
        {name: text for name, text in project().items() if not name.startswith("models/package")},
    ],
    ids=["one suits both", "any newer", "any", "asked of the user", "not used", "sets up its own", "not set up", "another project's"],
)
def test_nothing_is_said_of_one_copy(tmp_path, files) -> None:
    assert look(tmp_path, files) == []


def test_a_broken_manifest_is_passed_over(tmp_path) -> None:
    assert look(tmp_path, {**project(), "models/package.json": '{"name": "mongoose",'}) == []
