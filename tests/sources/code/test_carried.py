"""What is kept under one name goes the same ways from there, so the files are looked through for it once."""

from __future__ import annotations

from callcheck.sources.code.scopes import module_of

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


def test_a_value_under_a_name_of_a_file_is_followed_into_those_that_import_it(code_of) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/config.py": "import os\nHUB_KEY = os.environ['HUB_KEY']\n",
        "shop/whole.py": "from . import config\nconnect(api_key=config.HUB_KEY)\n",
        "shop/named.py": "from shop.config import HUB_KEY as key\nconnect(api_key=key)\n",
        "shop/other.py": "HUB_KEY = given()\nconnect(api_key=HUB_KEY)\n",
    }
    reads = code_of(files).variables.reads
    assert {(module_of(read.place).path, read.purpose) for read in reads} == {("shop/whole.py", "credential"), ("shop/named.py", "credential")}


def test_a_name_of_a_function_is_not_followed_into_other_files(code_of) -> None:
    files = {
        "config.py": "import os\nHUB_KEY = ''\ndef load():\n    HUB_KEY = os.environ['HUB_KEY']\n    return len(HUB_KEY) > 3\n",
        "app.py": "import config\nconnect(api_key=config.HUB_KEY)\n",
    }
    assert [read.purpose for read in code_of(files).variables.reads] == [""]
