"""The HTML report, as people meet it: in a real browser, with and without scripts, by keyboard, on paper; and whatever stands in names and logs."""

from __future__ import annotations

import base64
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcheck.model.evidence import Location, Looked, Lost
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.measured import Fate, Group, Measured, Spread
from callcheck.model.noun import replace
from callcheck.model.printable import printable, redact
from callcheck.model.scaled import Spread as Dealt
from callcheck.model.scaled import Trial
from callcheck.model.swimlane import STOPPED, Delivery, Mark, Swimlane
from callcheck.model.words import Basis, Outcome
from callcheck.report.html import render
from callcheck.report.html.markup import el, island, prose
from tests.tools import node
from tests.tools.browser import Browser, Page

HOSTILE = (
    "<script>window.pwned=1</script>", "</script><script>window.pwned=1</script>", "</style><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>",
    '" onmouseover="window.pwned=1', "' onfocus='window.pwned=1' autofocus='", "<svg/onload=window.pwned=1>", "javascript:window.pwned=1", "<a href=javascript:window.pwned=1>x</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;script&gt;", "&#60;script&#62;", "<base href=http://127.0.0.1:9/>",
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css>", "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>", "\x1b]8;;http://127.0.0.1:9/\x1b\\x", "\u202eevil\u202c", "a\x00b",
    "\ud800", "</code></pre></figure></main><h1>Nothing likely was found</h1>", "`<b>`",
)  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Any:
    """A tab."""
    tab = browser.page()
    yield tab
    tab.close()


def shown(page: Page, folder: Path, text: str) -> Page:
    """The text opened as a file."""
    (folder / "report.html").write_text(text, encoding="utf-8", errors="backslashreplace")
    page.open(folder / "report.html")
    return page


def whole(sample: ModuleType) -> Any:
    """A report with everything that a page can show."""
    report = sample.full()
    funnel = DeliveryFunnel("job.done", 200, 200, 200, 110, 50, 52, 60, 148, 55, 4, 2)
    report.ledger.add([replace(sample.instances(), fact=funnel, basis=Basis.OBSERVED, because=())], Looked("log_journeys", frozenset({funnel.kind}), Outcome.DONE))
    return report


# What it says


def test_the_page_says_all_of_it_without_scripts(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    page.scripts(False)
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes()))
    page.scripts(True)  # they ran not while it was loaded
    text = page.run("document.body.innerText")
    for said in (
        "job.progress is awaited in one process and emitted in another", "very likely, 93 %", "src/server.ts:9", 'bus.on("job.progress"', "the listener for job.progress is attached here",
        "sessions stick by cookie", "nginx.conf:12", "Does this hold here?", "Send the event through Redis", "await redis.publish", "Scale to one replica", "late-registration", "34 %",
        "hears job.progress in a request", "✖ cross-process-delivery", "handled in another process", "web-3", "job-1\t", "heard by nobody: the listener sits in another process", "src/vendor.min.js", "no permission to read /proc/1", "3 later ones are left out",
    ):  # fmt: skip
        assert said in text, said
    assert page.run("document.querySelectorAll('svg .arrow.lost').length") == 1
    assert page.run("getComputedStyle(document.getElementById('lanes-controls')).display") == "none"
    assert page.complaints() == [] and page.requests() == []


def test_a_report_without_findings_says_so_and_what_was_looked_at(sample: ModuleType) -> None:
    text = render(sample.report(), sample.lines)
    assert "<h1>Nothing likely was found</h1>" in text and "kubernetes" in text and "<script>" not in text


def test_causes_below_the_least_confidence_are_left_out(sample: ModuleType) -> None:
    assert "late-registration" in render(sample.full(), sample.lines, 0.1)
    assert "late-registration" not in render(sample.full(), sample.lines, 0.5)


def test_the_same_report_is_the_same_bytes(sample: ModuleType) -> None:
    assert render(whole(sample), sample.lines, 0.0, sample.lanes()) == render(replace(whole(sample), took_s=9.0), sample.lines, 0.0, sample.lanes())


def test_scenarios_and_numbers_of_copies_stand_at_the_top(sample: ModuleType) -> None:
    groups = (Group(Fate.DELIVERED, 7), Group(Fate.LOST, 3, "no answer"))
    one = Measured("job callback", Location("hooks.yml", 3), "POST http://127.0.0.1:8000/jobs", "", 10, groups, 5.0, Spread(7, 0.2, 0.9), 1, Spread(), (("202", 10),), 0, 0, "", (), "sequential", "kept")
    report = replace(sample.full(), target=replace(sample.full().target, measured=(one,), scaled=(Trial(4, Dealt.RANDOM, 100, 23),)))
    text = render(report, sample.lines)
    assert "never delivered: no answer" in text and "23 of 100" in text and "at random" in text
    assert text.index("job callback") < text.index("Why this is the cause")


# Whom it keeps out


def hostile(sample: ModuleType) -> str:
    """A page with every hostile text in every place that text from outside has, as a probe would never let it through."""
    found, evidence = [], []
    for number, text in enumerate(HOSTILE):
        one = sample.diagnosed()
        where = Location(text, number + 1)
        grounds = tuple(replace(item, where=where, excerpt=text, label=f"label {text}", service=text) for item in one.grounds)
        rule = replace(one.rule, cause=text, explain=text, confirm=text, references=(text,))
        fixes = tuple(replace(fix, title=text, check=text, snippets=tuple(replace(s, before=text, after=f"new {text}", language=text, path=text, line=1) for s in fix.snippets)) for fix in one.fixes)
        found.append(replace(one, title=text, grounds=grounds, rule=rule, fixes=fixes, confidence=0.9 if number < 13 else 0.3))
        evidence += [sample.listener(text, event=text), sample.emission(text, event=text)]
        evidence.append(replace(grounds[0], fact=DeliveryFunnel(text, 9, 9, 9, 3, 1, 1, 2, 8, 33, 0, 1)))
    report = sample.report(*found)
    report.ledger.add(evidence, Looked("logs", frozenset(), Outcome.PART, HOSTILE[0], tuple(Lost(text, text) for text in HOSTILE)))
    report.ledger.add([], Looked("x", frozenset(), Outcome.BLOCKED, HOSTILE[1]))
    lanes = Swimlane(tuple(Delivery(text, text, STOPPED, text, (Mark("emitted", text, 1e9 + number, Location(text, 1)), Mark("registered", "web", 1e9 + number, None))) for number, text in enumerate(HOSTILE)))
    return render(replace(report, target=replace(report.target, given=HOSTILE)), lambda *_: list(HOSTILE), 0.0, lanes)


def test_hostile_texts_are_shown_as_text_and_do_nothing(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, hostile(sample))
    text = page.run("document.body.textContent")
    for each in HOSTILE:
        assert printable(each).strip("`") in text, each
    assert page.run("typeof window.pwned") == "undefined"
    assert page.run("document.querySelectorAll('iframe, img, base, link, object, embed, form, script:not([type]) ~ script').length") == 0
    assert page.run("[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || a.name === 'style' && !e.matches('canvas'))).length") == 0
    assert page.run("[...document.links].filter(a => !/^(#|https?:)/.test(a.getAttribute('href'))).length") == 0
    assert page.run("document.querySelectorAll('h1').length") == 1
    for number in range(len(HOSTILE)):
        page.run(f"document.getElementById('lanes-find').value = {HOSTILE[number][:3].encode('ascii', 'ignore').decode()!r}; document.getElementById('lanes-find').dispatchEvent(new Event('input'))")
    assert page.run("typeof window.pwned") == "undefined"
    assert page.complaints() == [] and page.requests() == []


def test_the_policy_lets_no_other_script_style_or_request_through(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes()))
    page.run("""
        window.refused = [];
        addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
        new Image().src = 'http://127.0.0.1:9/x.png';
        fetch('http://127.0.0.1:9/').catch(() => 0);
        const style = document.createElement('style'); style.textContent = 'body { color: red }'; document.head.append(style);
        try { document.body.innerHTML = '<b>x</b>'; } catch { refused.push('innerHTML'); }
        try { const script = document.createElement('script'); script.text = 'window.pwned = 1'; document.head.append(script); } catch { refused.push('script'); }
    """)
    page.until("refused.length >= 5")
    assert set(page.run("refused")) >= {"img-src", "connect-src", "style-src-elem", "innerHTML", "script"}
    assert page.run("typeof window.pwned") == "undefined"


class _Text(HTMLParser):
    """All text, and the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_can_leave_its_element_or_its_attribute(text: str, value: str) -> None:
    parser = _Text()
    parser.feed(el("p", text, title=value))
    parser.close()
    assert "".join(parser.texts) == printable(redact(text))
    assert parser.tags == [("p", [("title", printable(redact(value)))])]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_can_leave_a_block_of_data(text: str) -> None:
    told = island([text], "x")
    assert told.count("<") == 2 and "&" not in told
    assert "".join(re.findall(r"`|<code>|</code>", prose(text))).count("<code>") == text.replace("\n", " ").count("`") // 2


def test_secrets_are_masked_wherever_they_stand(sample: ModuleType) -> None:
    secret = "sk-proj-abcdefghijklmnop1234567890"
    one = sample.diagnosed()
    grounds = tuple(replace(item, where=Location(f"{secret}.ts", 1), excerpt=f"key {secret}", label=secret) for item in one.grounds)
    lanes = Swimlane((Delivery(secret, secret, STOPPED, "", (Mark("emitted", secret, 1e9, Location(secret, 1)),)),))
    text = render(sample.report(replace(one, title=secret, grounds=grounds)), lambda *_: [secret], 0.0, lanes)
    assert "abcdefghijklmnop" not in html.unescape(text) and "redacted" in text


# How it is used


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing(sample: ModuleType, page: Page, tmp_path: Path, width: int, scheme: str) -> None:
    why = node.missing()
    if why:
        pytest.skip(why)
    page.look(width, 900, scheme, mobile=width < 500)
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes()))
    page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.run((node.MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8") + ";0")
    found = page.run("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((told) => told.violations.map((each) => each.id + ': ' + each.nodes.map((n) => n.html).slice(0, 3).join(' | ')))")
    assert found == []
    assert page.run("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def test_all_of_it_is_reached_and_used_by_keyboard(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    page.look(1280, 900)
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes()))
    order = []
    for _ in range(40):
        page.key("Tab")
        order.append(page.run("(document.activeElement.id || document.activeElement.getAttribute('href') || document.activeElement.tagName)"))
    assert order[0] == "#main" and order[1].startswith("theme-")
    wanted = ["#cause-1", "#lanes", "lanes-find", "lanes-fate", "lanes-in", "CANVAS"]
    assert [each for each in order if each in wanted] == wanted
    page.run("document.querySelector('canvas.over').focus()")
    slider = "document.querySelector('canvas.over').getAttribute('aria-valuetext')"
    assert page.run(slider) == "none chosen"
    page.key("ArrowRight")
    assert page.run(slider).startswith("1 of 40: job.done job-0")
    page.key("ArrowRight")
    assert page.run(slider).startswith("2 of 40: ")
    assert "job-1" in page.run("document.getElementById('lanes-said').innerText")
    page.key("Escape")
    assert page.run(slider) == "none chosen"


def test_the_switch_changes_the_colours(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    page.look(1280, 900, "light")
    page.scripts(False)
    shown(page, tmp_path, render(sample.full(), sample.lines))
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.run("document.getElementById('theme-auto').focus()")
    page.key("ArrowLeft")  # from the first to the last of three
    assert page.run("document.activeElement.id") == "theme-dark"
    dark = page.run(ground)
    assert sum(map(int, re.findall(r"\d+", light))) > 700 and sum(map(int, re.findall(r"\d+", dark))) < 100
    page.look(1280, 900, "light", media="print")
    assert page.run(ground) == "rgb(255, 255, 255)"


def test_deliveries_are_found_by_event_id_and_ending(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes(3_000)))
    count = "document.getElementById('lanes-count').textContent"
    assert page.run(count) == "3,000 of 3,000"
    page.until("!document.getElementById('lanes-crowded').hidden")  # columns in the stead of single ones
    page.run("document.getElementById('lanes-find').focus()")
    page.tell("Input.insertText", text="job.failed 77")
    # 77, 177, 277 ..., 770 to 779 and so on, of which every eleventh is job.failed.
    wanted = [number for number in range(3_000) if number % 11 == 3 and "77" in str(number)]
    assert page.run(count) == f"{len(wanted)} of 3,000"
    assert page.run("document.querySelectorAll('#lanes-rows tr').length") == min(20, len(wanted))
    page.until("document.getElementById('lanes-crowded').hidden")
    page.run("document.getElementById('lanes-find').value = ''; document.getElementById('lanes-fate').value = 'waiting'; document.getElementById('lanes-fate').dispatchEvent(new Event('change'))")
    assert page.run(count) == f"{sum(number % 13 == 5 for number in range(3_000))} of 3,000"
    page.run("document.getElementById('lanes-more').click()")
    assert page.run("document.querySelectorAll('#lanes-rows tr').length") == 40
    assert page.complaints() == []


def test_pointing_at_a_mark_tells_of_its_delivery_and_dragging_chooses_a_time(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    page.look(1280, 900)
    shown(page, tmp_path, render(sample.full(), sample.lines, 0.0, sample.lanes()))
    box = page.run("(() => { const canvas = document.querySelector('canvas.over'); canvas.scrollIntoView({ behavior: 'instant' }); const b = canvas.getBoundingClientRect(); return [b.left, b.top, b.width]; })()")
    left, top, width = box
    page.mouse("mouseMoved", left + 162, top + 26 + 12)  # the first registration, in the first lane
    page.until("!document.getElementById('lanes-said').hidden")
    assert "job-0" in page.run("document.getElementById('lanes-said').innerText")
    first = "document.querySelector('canvas.over').getAttribute('aria-valuetext')"
    page.mouse("mousePressed", left + 162, top + 38, button="left", clickCount=1)
    page.mouse("mouseReleased", left + 162, top + 38, button="left", clickCount=1)
    assert page.run(first).startswith("1 of 40")
    page.mouse("mousePressed", left + width - 300, top + 100, button="left", clickCount=1)
    page.mouse("mouseMoved", left + width - 200, top + 100, buttons=1)
    page.mouse("mouseReleased", left + width - 200, top + 100, button="left", clickCount=1)
    page.run("document.querySelector('canvas.over').focus()")
    page.key("ArrowRight")  # one that is out of sight comes into it
    assert page.run(first).startswith("2 of 40")
    assert page.complaints() == []


def test_it_prints(sample: ModuleType, page: Page, tmp_path: Path) -> None:
    page.look(794, 1123, "dark", media="print")
    shown(page, tmp_path, render(whole(sample), sample.lines, 0.0, sample.lanes()))
    for gone in ("nav", ".themes", "#lanes-controls", ".stage-room"):
        assert page.run(f"getComputedStyle(document.querySelector({gone!r})).display") == "none"
    assert page.run("getComputedStyle(document.querySelector('.lanes .static')).display") == "block"
    assert base64.b64decode(page.tell("Page.printToPDF")["data"]).startswith(b"%PDF")
