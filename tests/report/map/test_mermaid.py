"""Does Mermaid itself read what is drawn, with every name as it is?"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcheck.model.delivery_map import BROKER, WHOLE, Channel, DeliveryMap, Site
from callcheck.model.evidence import Location
from callcheck.model.noun import replace
from callcheck.model.printable import clean
from callcheck.report.map import mermaid
from tests.report.map.hostile import NAMES, SECRET, full_of  # type: ignore[import-not-found]
from tests.tools import node

Read = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Mermaid's own reader: of a text its nodes, edges and groups, or `error`."""
    why = node.missing()
    if why:
        pytest.skip(why)
    with subprocess.Popen(["node", "read_mermaid.mjs"], cwd=node.HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None and reader.stdout is not None

        def ask(text: str) -> dict[str, Any]:
            assert reader.stdin is not None and reader.stdout is not None
            reader.stdin.write(json.dumps(text) + "\n")
            reader.stdin.flush()
            found: dict[str, Any] = json.loads(reader.stdout.readline())
            return found

        yield ask
        reader.stdin.close()
        assert reader.wait(30) == 0


def shown(text: str) -> str:
    """A label as Mermaid shows it: it keeps the numbers of characters until it draws."""
    return re.sub("ﬂ°°(\\d+)¶ß", lambda found: chr(int(found[1])), text).replace("\u200b", "")


def test_hostile_names_stay_names(read: Read) -> None:
    for name in (*NAMES, SECRET):
        found = read(mermaid.render(full_of(name), name))
        assert "error" not in found, (name, found)
        assert len(found["nodes"]) == 7, (name, found)  # two channels, three sites, a missing end, a note
        assert len(found["edges"]) == 4, (name, found)
        assert [len(group["nodes"]) for group in found["groups"]] in ([3, 1], [1, 3]), (name, found)
        texts = [shown(label) for label in found["nodes"]]
        assert any(label.split("<br>")[0] == (clean(name, 60).strip() or " ") for label in texts), (name, texts)
        assert "hunter2" not in json.dumps(found)


def test_a_shop_is_drawn_with_its_programs_and_breaks(read: Read, shop: DeliveryMap) -> None:
    found = read(mermaid.render(shop, "Deliveries of the shop"))
    assert [shown(group["title"]) for group in found["groups"]] == ["web (3 processes)", "worker (1 process)"]
    broken = [edge for edge in found["edges"] if edge["stroke"] == "dotted"]
    assert [shown(edge["text"]) for edge in broken] == ["missing-adapter (79%), missing-sticky-sessions (56%)", ""]


def test_what_mermaid_would_not_draw_is_left_out_and_said(read: Read) -> None:
    sites = tuple(Site(f"listens {number}", "listens", "x", Location("a.js", number), "module", ("web",), "x", "js") for number in range(1, 61))
    channels = tuple(Channel(f"broker {number}", f"topic{number}", "", BROKER, "redis", WHOLE, (), sites) for number in range(30))
    text = mermaid.render(replace(DeliveryMap((), (), (), (), True), channels=channels), "big")
    found = read(text)
    assert "error" not in found
    assert 0 < len(found["edges"]) <= mermaid.MOST_EDGES
    assert "30 channels, of which 8 are shown" in text.splitlines()[2]


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_label_can_leave_its_quotes(text: str) -> None:
    label = mermaid.label(clean(text))
    assert not set(label) & set("\"`<>[]{}|\\\n&*_~$%")
    assert not re.search(r"#(?!\d+;)", label)
    assert html.unescape(re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)).strip() == html.unescape(clean(text)).strip()


def test_the_name_of_an_icon_is_no_icon() -> None:
    # mermaid 11.17 looks for these after the numbers have become characters again.
    label = mermaid.label("fa:fa-bell fab:fa-x")
    assert not re.search(r"fa[bklrs]?:fa-", re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label))
