"""What ranges ask for, as npm and PEP 440 define them."""

from __future__ import annotations

import pytest

from callcheck.sources.packages.ranges import read_range

RANGES = {
    "^5.1.0": ("5.1.0", False, False, ["5.9", "5.1.0"], ["6.0.0", "5.0.9"]),
    "^0.2.3": ("0.2.3", False, False, ["0.2.9"], ["0.3.0"]),
    "^0.0.3": ("0.0.3", False, False, ["0.0.3"], ["0.0.4"]),
    "~1.2.3": ("1.2.3", False, False, ["1.2.9"], ["1.3.0"]),
    "~1": ("1", False, False, ["1.9"], ["2.0"]),
    "1.x": ("1", False, False, ["1.9"], ["2.0"]),
    "1.2": ("1.2", False, False, ["1.2.7"], ["1.3.0"]),
    "1.2.3": ("1.2.3", True, False, ["1.2.3"], ["1.2.4"]),
    ">= 18": ("18", False, True, ["22.1"], ["16.20"]),
    ">=1.2 <2.0": ("1.2", False, False, ["1.9"], ["2.0"]),
    "1.2.0 - 1.5.0": ("1.2.0", False, False, ["1.5.0"], ["1.6"]),
    "^3.1 || ^4.0": ("3.1", False, True, ["3.9", "4.9"], ["5.0"]),
    "npm:@scope/redis@^4.6.0": ("4.6.0", False, False, ["4.7"], ["5.0"]),
    "workspace:^1.2.0": ("1.2.0", False, False, ["1.3"], ["2.0"]),
    "==1.2.*": ("1.2", False, False, ["1.2.9"], ["1.3"]),
    "~=1.4.2": ("1.4.2", False, False, ["1.4.9"], ["1.5"]),
    "~=1.4": ("1.4", False, False, ["1.9"], ["2.0"]),
    ">=1.2,<2,!=1.5": ("1.2", False, False, ["1.6"], ["1.5", "2.0"]),
    "==2.0.0rc1": ("2.0.0rc1", True, False, ["2.0.0rc1"], ["2.0.0"]),
    "==1!2.0": ("1!2.0", True, False, ["1!2.0"], ["2.0"]),
}


@pytest.mark.parametrize("spec", RANGES)
def test_a_range_is_understood(spec: str) -> None:
    lowest, exact, open_ended, inside, outside = RANGES[spec]
    asked = read_range(spec)
    assert asked is not None
    assert (asked.lowest, asked.exact, asked.open_ended) == (lowest, exact, open_ended)
    assert [v for v in inside if not asked.allows(v)] == []
    assert [v for v in outside if asked.allows(v)] == []


@pytest.mark.parametrize("spec", ["", "*", "x", "latest", "<2", "next", "file:../a", "git+ssh://git@host/a.git#1.2.3", "catalog:", "workspace:*", "github:a/b"])
def test_what_says_nothing_of_a_version_gives_nothing(spec: str) -> None:
    assert read_range(spec) is None
