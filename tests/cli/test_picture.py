"""Can the README's picture be remade from a real run?"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path


def test_the_picture_is_an_svg_of_the_report_and_the_same_each_time(callcheck, app: Path) -> None:
    for name in ("one.svg", "two.svg"):
        done = callcheck("picture", ".", name, cwd=app)
        assert done.returncode == 0, done.stderr
    text = (app / "one.svg").read_text(encoding="utf-8")
    assert text == (app / "two.svg").read_text(encoding="utf-8")
    ET.fromstring(text)
    assert "cross-process-delivery" in text.replace("&#160;", " ")


def test_no_text_of_the_picture_begins_or_ends_with_a_space(callcheck, app: Path) -> None:
    callcheck("picture", ".", "one.svg", cwd=app)
    drawn = (app / "one.svg").read_text(encoding="utf-8")
    assert ">&#160;" not in drawn
    assert "&#160;</text>" not in drawn
