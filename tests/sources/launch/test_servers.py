"""The programs of a family are those whose readers its module has."""

from __future__ import annotations

import importlib

import pytest

from callcheck.sources.launch import servers


@pytest.mark.parametrize("family", sorted(set(servers.FAMILIES.values())))
def test_each_program_has_its_reader(family: str) -> None:
    readers = importlib.import_module(f"callcheck.sources.launch.{family}").READERS
    assert {name for name, of in servers.FAMILIES.items() if of == family} == set(readers)
