"""Of which class the rows are that a call works on."""

from __future__ import annotations

import pytest

from callcheck.sources.code.repositories import rows_of


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("db.manager.save(Berth, x)", "Berth"),
        ("Berth.save(x)", "Berth"),
        ("getRepository(Berth).save(x)", "Berth"),
        ("const rows = getRepository(Berth);\n  rows.save(x)", "Berth"),
        ("berths.save(x)", "Berth"),
        ("plain.save(x)", ""),
        ("kept.save(x)", ""),
        ("save(x)", ""),
    ],
)
def test_rows(code_of, use: str, name: str) -> None:
    text = f"import {{ Berth, Lamp }} from './berth';\nexport const getRepository = (of) => source.getRepository(of);\ngetRepository(Lamp);\nfunction f(x, db, plain, berths: Repository<Berth>) {{\n  let kept = getRepository(Berth); kept = getRepository(Lamp);\n  {use};\n}}\n"
    code = code_of({"berth.ts": "export class Berth {}\nexport class Lamp {}\n", "use.ts": text})
    (call,) = code.project.calls("save")
    assert rows_of(code, call) == name
