"""Are packed things given back as they were, and do they lie apart where that is asked for?"""

from __future__ import annotations

import pickle

import pytest

from callcheck.model.packed import Packed

THINGS = [{"one": 1}, [], "three"]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_each_is_given_back_as_it_was(protocol: int) -> None:
    for packed in (Packed(THINGS), pickle.loads(pickle.dumps(Packed(THINGS), protocol))):  # noqa: S301
        assert [packed.at(number) for number in range(len(packed))] == THINGS
        assert packed.at(0) is not packed.at(0)


def test_they_may_lie_apart() -> None:
    apart: list[pickle.PickleBuffer] = []
    head = pickle.dumps(Packed(THINGS), 5, buffer_callback=apart.append)
    assert b"three" not in head
    held = [bytearray(each.raw()) for each in apart]
    packed = pickle.loads(head, buffers=held)  # noqa: S301
    held[0][:] = held[0].replace(b"three", b"seven")  # it is read when it is asked for
    assert packed.at(2) == "seven"
