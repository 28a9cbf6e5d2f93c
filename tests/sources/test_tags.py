"""The tags of components in markup, with what they listen to."""

from __future__ import annotations

import pytest

from callcheck.sources.tags import Tag, tags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<Picker :free="a > b" @berth-picked.once="take" />', [Tag("Picker", (("berth-picked", 1),))]),
        ('<app-picker\n  (picked)="take($event)"\n  [free]="3">', [Tag("app-picker", (("picked", 2),))]),
        ("<Picker on:picked|once={(e) => take(e)} v-on:closed='x' />", [Tag("Picker", (("picked", 1), ("closed", 1)))]),
        ('<!-- <Picker @gone="x" />\n -->\n<p title="@not=1">a < b</p>', [Tag("p", ())]),
    ],
)
def test_a_tag_has_the_names_that_it_listens_to_and_their_lines(text, expected) -> None:
    assert list(tags(text)) == expected


def test_lines_count_from_where_the_text_begins() -> None:
    assert [tag.hears for tag in tags("\n<A @b='c' />", 10)] == [(("b", 11),)]
