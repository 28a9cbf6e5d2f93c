"""Idioms are found by their names, those of one framework after those of another, and what is asked of them is what a plain table says."""

from __future__ import annotations

from callcheck.model.noun import replace
from callcheck.sources.code import by_name as home
from callcheck.sources.code.by_name import by_name
from tests.tools.shipped import shipped_knowledge

SOME = tuple(each for each in shipped_knowledge().frameworks if each.name in ("node-events", "pyee", "bullmq", "paho-mqtt", "langchain-core", "express", "mitt"))


def test_each_name_has_the_idioms_of_all_frameworks_in_their_order() -> None:
    methods, fields, calls, defines = by_name(SOME)
    for table, names in ((methods, "methods"), (fields, "fields"), (calls, "calls"), (defines, "defines")):
        plain: dict[str, list[object]] = {}
        for framework in SOME:
            for idiom in framework.idioms:
                for name in getattr(idiom, names):
                    plain.setdefault(name, []).append((framework, idiom))
        assert dict(table) == plain
        assert set(table) == set(plain)
        assert len(table) == len(plain)
        assert bool(table) == bool(plain)
        assert all(name in table for name in plain)
        assert "no such name" not in table
    assert len({framework.name for framework, _ in methods["on"]}) > 1


def test_without_frameworks_nothing_is_known() -> None:
    assert [dict(table) for table in by_name(())] == [{}, {}, {}, {}]


def test_frameworks_that_are_made_anew_for_each_project_do_not_pile_up(monkeypatch) -> None:
    monkeypatch.setattr(home, "_MOST", 3)
    for number in range(9):
        made = replace(SOME[0], name=f"made-{number}")
        assert by_name((made,))[0]["on"][0][0] is made
    assert len(home._ordered) <= 3
