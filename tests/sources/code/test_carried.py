"""What is kept under one name goes the same ways from there, so the files are looked through for it once."""

from __future__ import annotations

FILES = {
    "settings.py": "import os\nclass Settings:\n    pass\nsettings = Settings()\nsettings.token = os.environ['MAIL_TOKEN']\nsettings.token = os.environ['CHAT_TOKEN']\n",
    "tools.py": "from settings import settings\ndef given():\n    return settings.token\n",
    "app.py": "from tools import given\nkey = given()\nconnect(api_key=key)\n",
}


def test_a_value_is_followed_through_fields_functions_and_names(code_of) -> None:
    reads = code_of(FILES).variables.reads
    assert {(read.name, read.place.line, read.purpose) for read in reads} == {("MAIL_TOKEN", 3, "credential"), ("CHAT_TOKEN", 3, "credential")}


def test_the_second_value_under_a_name_costs_no_further_look(code_of, monkeypatch) -> None:
    code = code_of(FILES)
    naming, asked = code.project.naming, list[tuple[str, ...]]()
    monkeypatch.setattr(code.project, "naming", lambda *words: (asked.append(words), naming(*words))[1])
    assert len(code.variables.reads) == 2
    assert asked.count(("token",)) == 1
    assert asked.count(("given",)) == 1
