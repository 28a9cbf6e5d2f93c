"""A private name of the platform in an address that code gives away."""

from __future__ import annotations

import pytest

from callcheck import pipeline
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.target import Target

APP = "import Replicate from 'replicate';\nconst replicate = new Replicate();\nexport const weave = () => replicate.predictions.create({ model: 'm', input: {}, webhook: `%s/woven` });\n"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://${process.env.RAILWAY_PRIVATE_DOMAIN}:3000", ["RAILWAY_PRIVATE_DOMAIN private"]),
        ("http://${process.env.OWN_HOST ?? process.env.RAILWAY_PRIVATE_DOMAIN}", []),
        ("https://${process.env.RAILWAY_PUBLIC_DOMAIN}", []),
    ],
    ids=["the private name", "another variable goes before it", "the public name"],
)
def test_what_the_platform_sets(tmp_path, address, told) -> None:
    (tmp_path / "app.js").write_text(APP % address)
    report = pipeline.diagnose(Target(tmp_path, folders=(tmp_path,))).report
    assert [f"{e.fact.name} {e.fact.why}" for e in report.ledger.of(AddressUnreachable) if isinstance(e.fact, AddressUnreachable)] == told
