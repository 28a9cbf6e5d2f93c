"""How is the page put together: head, policy, contents, sections?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.confidence import LIKELY
from callcheck.model.diagnosis import Report
from callcheck.model.printable import clean
from callcheck.model.swimlane import Swimlane
from callcheck.report.findings import Lines
from callcheck.report.html.coverage import coverage, kept_back
from callcheck.report.html.diagnosis import diagnoses, rivals, verdict
from callcheck.report.html.funnels import funnels
from callcheck.report.html.lanes import lanes as swimlane
from callcheck.report.html.map_drawn import delivery_map as drawn
from callcheck.report.html.markup import Html, el, join
from callcheck.report.html.runs import answers, measured, runs, scaled
from callcheck.report.map import delivery_map

_HERE = Path(__file__).parent
_SCRIPTS = ("lanes_paint.js", "lanes.js")
_THEMES = (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))


def page(report: Report, lines: Lines, least: float, lanes: Swimlane | None) -> str:
    """The whole document."""
    found = [each for each in report.diagnoses if each.confidence >= least]
    sections: list[tuple[str, str, Html | None]] = [
        ("measured", "Scenarios", measured(report)),
        ("scaled", "Copies", scaled(report)),
        ("cause-1", "Diagnosis", join(diagnoses(report, found, lines)) or None),
        ("map", "Map", drawn(delivery_map(report))),
        ("funnel", "How far they come", funnels(report)),
        ("lanes", "Deliveries", swimlane(lanes) if lanes else None),
        ("others", "Other causes", rivals(found, lines)),
        ("running", "What runs", runs(report)),
        ("asked", "What was asked", answers(report)),
        ("ignored", "Ignored", kept_back(report)),
        ("looked", "What was looked at", coverage(report)),
    ]
    kept = [(id, name, body) for id, name, body in sections if body is not None]
    style, script = _read("style.css"), "\n".join(map(_read, _SCRIPTS)) if lanes else ""
    title = found[0].rule.cause if found and found[0].confidence >= LIKELY else "nothing likely"
    head = join((
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="generator", content=f"callcheck {report.version}"),
        el("title", f"callcheck: {title}"),
        Html(f"<style>{style}</style>"),
    ))  # fmt: skip
    contents = el("nav", el("ol", *(el("li", el("a", name, href=f"#{id}")) for id, name, _ in kept)), aria_label="Contents")
    main = el("main", el("header", verdict(report, found), cls="verdict"), *(body for *_, body in kept), id="main")
    body = el("body", el("a", "Skip to the diagnosis", href="#main", cls="skip"), _banner(report), el("div", contents, main, cls="sheet"), Html(f"<script>{script}</script>") if script else None)
    return f'<!doctype html>\n<html lang="en">{el("head", head)}{body}</html>\n'


def _banner(report: Report) -> Html:
    given = ", ".join(clean(word, 120) for word in report.target.given)
    switch = el("fieldset", el("legend", "Colours", cls="unseen"), *(_theme(*each) for each in _THEMES), cls="themes")
    return el("div", el("p", el("b", "callcheck"), " ", el("span", f"{report.version} · diagnosis of ", el("code", given)), cls="brand"), switch, cls="banner", role="banner")


def _theme(value: str, name: str) -> Html:
    return el("label", el("input", type="radio", name="theme", value=value, id=f"theme-{value}", checked=value == "auto"), el("span", name))


def _policy(style: str, script: str) -> str:
    """Nothing but these very styles and this very script; no request, no form, no other base."""
    scripts = f"'sha256-{_digest(script)}'" if script else "'none'"
    return f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src {scripts}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"


def _digest(text: str) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    """A file of ours as it goes into the page: it closes no element that it stands in."""
    return (_HERE / name).read_text(encoding="utf-8").strip()
