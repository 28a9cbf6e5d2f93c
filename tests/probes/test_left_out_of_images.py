"""A folder that the code lists at run time is in the image."""

from __future__ import annotations

import pytest

from callcheck.probes.left_out_of_images import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
LISTING = "const { readdirSync } = require('fs');\nconst { join } = require('path');\nfor (const f of readdirSync(join(__dirname, 'handlers'))) require(join(__dirname, 'handlers', f));\n"


def _app(ignore: str, listing: str = LISTING, dockerfile: str = "Dockerfile") -> dict[str, str]:
    return {".dockerignore": ignore, dockerfile: "FROM node:22\nCOPY . .\n", "src/index.js": listing, "src/handlers/paid.js": "exports.on = 'paid';\n"}


@pytest.mark.parametrize(
    "files",
    [
        _app("node_modules\n**/handlers\n"),
        _app("# a\nsrc/handlers/\n"),
        _app("src/handlers/*.js\n"),
        _app("**\n!src/index.js\n"),
    ],
)
def test_left_out(tmp_path, files) -> None:
    (found,) = look(tmp_path, files)
    assert (found.fact.name, found.fact.how) == ("src/handlers", "left-out-of-image")
    assert found.where is not None and found.where.path == ".dockerignore"


@pytest.mark.parametrize(
    "files",
    [
        _app("node_modules\nhandlers\n"),
        _app("**/handlers\n!src/handlers\n"),
        _app("**/handlers\n", "require('./handlers/paid');\n"),
        _app("**/handlers\n", LISTING.replace("'handlers'", "'plugins'")),
        _app("**/handlers\n", dockerfile="Makefile"),
    ],
)
def test_there_or_not_listed(tmp_path, files) -> None:
    assert not look(tmp_path, files)


def test_a_folder_of_tests_is_not_missed(tmp_path) -> None:
    listing = LISTING.replace("'handlers'", "'__mocks__'")
    assert not list(look(tmp_path, {**_app("**/__mocks__\n", listing), "src/__mocks__/paid.js": "exports.on = 'paid';\n"}))
