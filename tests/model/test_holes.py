"""Names of a diagnosis are put into a cure, and code that looks like them is left alone."""

from __future__ import annotations

from callcheck.model.holes import named, words


def test_a_hole_is_named() -> None:
    assert (
        named('bus.on("{callcheck.event.near}")', lambda attribute: f"<{words(attribute)}>") == 'bus.on("<event near>")'
    )


def test_code_in_braces_stays() -> None:
    text = 'f"{job.id} {callcheck} {settings.PUBLIC_URL}" `${order.id}` {http: 1}'
    assert named(text, lambda attribute: "lost") == text
