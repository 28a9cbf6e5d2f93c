"""Does Graphviz itself draw the map, with every name as it is?"""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from callcheck.model.delivery_map import DeliveryMap
from callcheck.model.printable import clean
from callcheck.report.map import dot
from tests.report.map.hostile import NAMES, SECRET, full_of  # type: ignore[import-not-found]

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(*graphs: str) -> list[ElementTree.Element]:
    """What `dot` draws of each text."""
    if shutil.which("dot") is None:
        pytest.skip("graphviz is not installed: apt-get install graphviz")
    done = subprocess.run(["dot", "-Tsvg"], input="".join(graphs), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Error" not in done.stderr and "syntax" not in done.stderr
    return [ElementTree.fromstring("<svg" + part.split("</svg>")[0] + "</svg>") for part in done.stdout.split("<svg")[1:]]


def texts(page: ElementTree.Element, kind: str) -> list[list[str]]:
    """The lines of text of each node, edge or cluster."""
    return [["".join(line.itertext()).replace("\xa0", " ") for line in group.iter(f"{_SVG}text")] for group in page.iter(f"{_SVG}g") if group.get("class") == kind]


def test_hostile_names_stay_names() -> None:
    names = [*NAMES, SECRET]
    for name, page in zip(names, drawn(*(dot.render(full_of(name), name) for name in names)), strict=True):
        nodes = texts(page, "node")
        assert (len(nodes), len(texts(page, "edge")), len(texts(page, "cluster"))) == (7, 4, 2), name
        channels = [lines[0].strip() for lines in nodes if len(lines) > 1 and lines[1].startswith(("over ", "in memory, "))]
        assert channels == [clean(name, 60).strip()] * 2, (name, nodes)
        assert "hunter2" not in ElementTree.tostring(page, "unicode")
        assert not list(page.iter(f"{_SVG}script")) and not list(page.iter(f"{_SVG}image")) and not list(page.iter(f"{_SVG}a"))


def test_a_shop_is_drawn_with_its_programs_and_breaks(shop: DeliveryMap) -> None:
    (page,) = drawn(dot.render(shop, "Deliveries of the shop"))
    assert texts(page, "cluster") == [["web (3 processes)"], ["worker (1 process)"]]
    assert ["missing-adapter (79%), missing-sticky-sessions (56%)"] in texts(page, "edge")
    assert ["nobody listens"] in texts(page, "node")
