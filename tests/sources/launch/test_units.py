"""The commands of a systemd unit, with the lines that go on."""

from __future__ import annotations

from callcheck.sources.launch.units import starts


def test_each_start_has_its_line_and_the_lines_that_a_backslash_joins() -> None:
    text = "[Service]\nExecStartPre=/bin/true\nExecStart=-/usr/bin/docker run \\\n  --rm shop\nRestart=always\nExecStart=/bin/late\n"
    assert list(starts(text)) == [(3, "/usr/bin/docker run --rm shop"), (6, "/bin/late")]
