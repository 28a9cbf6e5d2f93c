"""How versions are ordered, and which lie in a range."""

from __future__ import annotations

import pytest

from callcheck.model.versions import contains, key, requirements

ORDERED = ["1.0.dev1", "1.0a1", "1.0-beta.2", "1.0-beta.11", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.2", "1.10", "2", "1!0.1"]


def test_versions_are_ordered_as_their_registries_order_them() -> None:
    keys = [key(version) for version in ORDERED]
    assert all(one < other for one, other in zip(keys, keys[1:], strict=False))


@pytest.mark.parametrize("same", [("1.0", "1.0.0"), ("v2.1", "2.1"), ("2.0+local", "2.0"), ("1.0-rc.1", "1.0rc1"), ("1.0c1", "1.0rc1")])
def test_spellings_of_one_version_are_equal(same: tuple[str, str]) -> None:
    assert key(same[0]) == key(same[1])


@pytest.mark.parametrize(
    ("versions", "inside", "outside"),
    [
        (">=2", ["2", "2.0.1", "10"], ["1.9.9"]),
        ("<5.0.31", ["5.0.30", "4"], ["5.0.31", "5.1"]),
        (">=4, <5", ["4.0", "4.99"], ["3.9", "5.0"]),
        (">=5", ["5.0.0-beta.3", "5.0rc1"], ["4.9"]),
        ("<5", ["4.9"], ["5.0.0-beta.3"]),
        (">=5.0.0-beta.2", ["5.0.0-beta.3", "5"], ["5.0.0-beta.1"]),
        ("<2 || >=3.1", ["1.9", "3.1"], ["2.0", "3.0"]),
        ("==1.2", ["1.2.0"], ["1.2.1"]),
        ("<2", ["1.9"], ["1!0.1", "no version", ""]),
    ],
)
def test_a_range_holds_what_lies_in_it(versions: str, inside: list[str], outside: list[str]) -> None:
    assert [v for v in inside if not contains(versions, v)] == []
    assert [v for v in outside if contains(versions, v)] == []


def test_requirements_name_other_packages() -> None:
    assert requirements(">=0.2; python<3.11;@nestjs/core >=10") == (("", ">=0.2"), ("python", "<3.11"), ("@nestjs/core", ">=10"))


@pytest.mark.parametrize("wrong", ["", "2", "^2", ">=", ">=2 <3", "python", ">=x"])
def test_what_is_no_range_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no range"):
        requirements(wrong)
