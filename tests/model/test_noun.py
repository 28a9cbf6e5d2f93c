"""A noun behaves as a dataclass of the standard library does, and costs nothing until it is used."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import ClassVar

import pytest

from callcheck.model import noun


@noun.dataclass(frozen=True, slots=True)
class Point:
    """A frozen one."""

    kind: ClassVar[str] = "point"

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()

    def sum(self) -> int:
        return self.x + self.y


@noun.dataclass(frozen=True, slots=True)
class Named(Point):
    name: str = ""


@noun.dataclass(slots=True)
class Tally:
    seen: list[int] = noun.field(default_factory=list)
    count: int = 0


@noun.dataclass(slots=True, eq=False, repr=False)
class Syntax:
    line: int = noun.field(default=0, kw_only=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}@{self.line}"


@noun.dataclass(slots=True, eq=False, repr=False)
class Word(Syntax):
    text: str


def test_fields_are_given_by_position_or_name_and_have_defaults() -> None:
    made = Named(1, name="a")
    assert (made.x, made.y, made.tags, made.name, made.sum()) == (1, 2, (), "a", 3)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Named()  # type: ignore[call-arg]


def test_a_keyword_only_field_of_the_base_comes_last() -> None:
    made = Word("on", line=4)
    assert (made.text, made.line, repr(made)) == ("on", 4, "Word@4")
    with pytest.raises(TypeError):
        Word("on", 4)  # type: ignore[misc]


def test_equal_means_same_class_and_same_values() -> None:
    assert Point(1) == Point(1, 2)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert Tally() == Tally()
    assert Word("a") != Word("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Tally())


def test_a_frozen_noun_cannot_be_changed_and_none_takes_a_field_it_lacks() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del Point(1).x
    tally = Tally()
    tally.count = 3
    with pytest.raises(AttributeError):
        tally.other = 3  # type: ignore[attr-defined]


def test_every_object_gets_its_own_list() -> None:
    first, second = Tally(), Tally()
    first.seen.append(1)
    assert second.seen == []
    with pytest.raises(ValueError, match="default_factory"):

        @noun.dataclass(slots=True)
        class Shared:
            seen: list[int] = []


def test_the_text_names_every_field() -> None:
    assert repr(Named(1, name="it's")) == "Named(x=1, y=2, tags=(), name=\"it's\")"


@pytest.mark.parametrize("made", [Named(1, 5, ("a",), "b"), Tally([1], 2), Word("w", line=3)])
def test_copies_and_pickles_hold_the_same_values(made: object) -> None:
    pickled = (pickle.loads(pickle.dumps(made, protocol)) for protocol in range(2, 6))  # noqa: S301
    for again in (copy.copy(made), copy.deepcopy(made), *pickled):
        assert type(again) is type(made)
        assert [getattr(again, f.name) for f in noun.fields(again)] == [getattr(made, f.name) for f in noun.fields(made)]


def test_it_can_be_changed_into_another_and_matched() -> None:
    assert noun.replace(Named(1, name="a"), y=7) == Named(1, 7, name="a")
    match Named(1, name="a"):
        case Named(x, y, _, name):
            assert (x, y, name) == (1, 2, "a")


def test_the_standard_library_takes_it_for_a_dataclass() -> None:
    assert dataclasses.is_dataclass(Named)
    assert [(f.name, f.type) for f in dataclasses.fields(Named)] == [(f.name, f.type) for f in noun.fields(Named)]
    assert dataclasses.replace(Named(1), name="b") == Named(1, name="b")
    assert dataclasses.asdict(Tally([1])) == {"seen": [1], "count": 0}
    assert [f.name for f in dataclasses.fields(Point)] == ["x", "y", "tags"]


def test_it_is_the_same_however_often_it_is_made() -> None:
    made = [Named(number, name=str(number)) for number in range(40)]
    assert [(each.x, each.y, each.name) for each in made] == [(number, 2, str(number)) for number in range(40)]
    tallies = [Tally() for _ in range(40)]
    assert len({id(tally.seen) for tally in tallies}) == 40
    words = [Word(text="on", line=number) for number in range(40)]
    assert [word.line for word in words] == list(range(40))


@pytest.mark.parametrize(("args", "given"), [((), {}), ((1, 2, (), "a", 5), {}), ((1,), {"x": 1}), ((1,), {"z": 1})])
def test_wrong_arguments_are_refused_as_a_function_would(args: tuple[object, ...], given: dict[str, object]) -> None:
    @noun.dataclass(frozen=True, slots=True)
    class Fresh(Point):
        name: str = ""

    for _ in range(2):
        with pytest.raises(TypeError, match=r"__init__\(\) "):
            Fresh(*args, **given)  # type: ignore[arg-type]
    assert Fresh(1, name="b") == Fresh(1, 2, (), "b")


def test_declaring_compiles_nothing_and_imports_nothing() -> None:
    declared = (
        "from __future__ import annotations\nimport sys\nfrom callcheck.model.noun import dataclass\n"
        "sys.addaudithook(lambda event, _: print(event) if event == 'compile' else None)\n"
        "@dataclass(frozen=True, slots=True)\nclass A:\n    x: int = 0\n"
        "repr({A(), A(1)})\nprint('declared', 'dataclasses' in sys.modules)\nfor _ in range(40): A()\n"
    )
    done = subprocess.run([sys.executable, "-c", declared], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["declared False", "compile"]
