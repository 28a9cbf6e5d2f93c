"""An option that is a field of an object is what the object was made with, or what its class says; nothing where that cannot be told."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Literal

HEAD = "from dataclasses import asdict, dataclass, field\nfrom pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\n\n\n@dataclass\nclass Base:\n    size: int = 4\n\n\n"
GIVEN = {
    "by its class": ("class Own(Base):\n    name: str = 'a'\n\n\nstart(**asdict(Own()))\n", 4),
    "where it is made": ("start(**asdict(Base(size=8)))\n", 8),
    "under a name": ("base = Base(size=8)\ntable = asdict(base)\nstart(**table)\n", 8),
    "a declared default": ("@dataclass\nclass Own:\n    size: int = field(default=6)\n\n\nstart(**asdict(Own()))\n", 6),
    "a model's": ("class Own(BaseModel):\n    size: int = Field(6)\n\n\nstart(**Own().model_dump())\n", 6),
    "by the constructor": ("class Own:\n    def __init__(self, size=5):\n        self.size = size\n\n\nstart(**vars(Own()))\n", 5),
    "of the object itself": ("class Own(Base):\n    def all(self):\n        return asdict(self)\n\n\nstart(**Own(size=7).all())\n", 7),
    "settings that nobody sets": ("class Own(BaseSettings):\n    size: int = 3\n\n\nstart(**Own().model_dump())\n", 3),
}
UNTOLD = {
    "left out": "class Own(BaseModel):\n    size: int = 6\n\n\nstart(**Own().model_dump(exclude={'size'}))\n",
    "made in two ways": "class Own(Base):\n    def all(self):\n        return asdict(self)\n\n\nstart(**Own(size=7).all())\nkept = Own(size=8)\n",
    "made of a table": "start(**asdict(Base(**read())))\n",
    "a factory's": "@dataclass\nclass Own:\n    size: int = field(default_factory=count)\n\n\nstart(**asdict(Own()))\n",
}


def _option(code):
    return code.idioms.option(next(iter(code.project.calls("start"))), "size")


@pytest.mark.parametrize("case", GIVEN)
def test_the_field_is_the_option(code_of, case) -> None:
    text, size = GIVEN[case]
    value = _option(code_of({"a.py": HEAD + text}))
    assert isinstance(value, Literal) and value.value == size


@pytest.mark.parametrize("case", UNTOLD)
def test_it_cannot_be_told(code_of, case) -> None:
    assert _option(code_of({"a.py": HEAD + UNTOLD[case]})) is None


def test_the_deployment_may_set_what_settings_read(code_of) -> None:
    text = HEAD + "class Own(BaseSettings):\n    size: int = 3\n\n\nstart(**Own().model_dump())\n"
    assert _option(code_of({"a.py": text, ".env": "SIZE=9\n"})) is None
