"""Rewritings that leave what stands there as it is, and put ordinary code about other things beside it, or below it in each file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from tests.tools.rewriting.source import JAVASCRIPT, PYTHON, Files, Source, each

_TEXTS = Path(__file__).resolve().parents[3] / "fixtures/neighbours"
_NAMES = "PriceLists, PriceListError, openingHours, describe, countAll"


def beside(files: Files) -> Files:
    """A module of ordinary code in each folder that has code, which nothing imports."""
    made = dict(files)
    for path in [path for path in files if path.endswith(PYTHON + JAVASCRIPT)]:
        place = PurePosixPath(path)
        source = Source(path, files[path].encode())
        if source.python:
            made.setdefault(str(place.parent / "price_lists.py"), _text("beside.py"))
        else:
            exports = f"\nexport {{ {_NAMES} }};\n" if source.modules else f"\nmodule.exports = {{ {_NAMES} }};\n"
            made.setdefault(str(place.parent / f"price-lists{place.suffix.replace('x', '').replace('t', 'j')}"), _text("beside.js") + exports)
    return made


def below(files: Files) -> Files:
    """A class of ordinary code at the end of each file."""

    def change(source: Source) -> None:
        lead = "" if source.data.endswith(b"\n") else "\n"
        source.insert(len(source.data), lead + _text("below.py" if source.python else "below.js"))

    return each(files, change)


def _text(name: str) -> str:
    return (_TEXTS / name).read_text(encoding="utf-8")
