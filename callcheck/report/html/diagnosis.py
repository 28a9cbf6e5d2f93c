"""What is wrong, as HTML: each likely cause with all that speaks for and against it, the others in a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.confidence import LIKELY, Level, level
from callcheck.model.diagnosis import Diagnosed, Report
from callcheck.model.printable import clean
from callcheck.model.rule import STAGES
from callcheck.report.confidence import in_words
from callcheck.report.coverage import looked
from callcheck.report.diagnosis import question
from callcheck.report.findings import Lines
from callcheck.report.html.cures import cures
from callcheck.report.html.evidence import evidence
from callcheck.report.html.markup import Html, el, join, place, prose

_TONES = {Level.VERY_LIKELY: "sure", Level.LIKELY: "likely", Level.UNLIKELY: "faint"}
_WEB = ("https://", "http://")


def verdict(report: Report, found: Sequence[Diagnosed]) -> Html:
    """The answer in one sentence, at the top of the page."""
    if found and found[0].confidence >= LIKELY:
        first = found[0]
        likely = sum(each.confidence >= LIKELY for each in found)
        more = f"{likely - 1} more likely {'cause' if likely == 2 else 'causes'} below" if likely > 1 else None
        return join((
            el("p", "The likeliest cause", cls="kicker"),
            el("h1", clean(first.title, 400)),
            _sureness(first),
            el("p", prose(first.rule.explain), cls="lead"),
            el("p", more, cls="aside") if more else None,
        ))  # fmt: skip
    examined = looked(report)
    return join((
        el("p", "Result", cls="kicker"),
        el("h1", "Nothing likely was found" if examined else "Nothing could be examined"),
        el("p", "That is not to say that all is well: no known cause shows in what was looked at, which stands below.", cls="lead") if examined else None,
    ))  # fmt: skip


def _sureness(diagnosed: Diagnosed) -> Html:
    percent = round(diagnosed.confidence * 100)
    tone = _TONES[level(diagnosed.confidence)]
    dots = join(el("rect", x=n * 11, y=0, width=8, height=10, rx=2, cls="on" if n < round(diagnosed.confidence * 10) else "off") for n in range(10))
    meter = el("svg", dots, cls=f"meter {tone}", viewBox="0 0 107 10", width=107, height=10, role="img", aria_label=f"confidence {percent} %")
    stages = join(el("li", stage, cls="here" if stage == diagnosed.rule.stage else None, aria_current="step" if stage == diagnosed.rule.stage else None) for stage in STAGES)
    return el("div", meter, el("span", in_words(diagnosed.confidence), cls=f"words {tone}"), el("code", diagnosed.rule.cause, cls="cause"), el("ol", stages, cls="stages", aria_label="stage of the delivery"), cls="sureness")


def diagnoses(report: Report, found: Sequence[Diagnosed], lines: Lines) -> Iterator[Html]:
    """A section for each likely cause; the first one's title stands at the top of the page already."""
    likely = [each for each in found if each.confidence >= LIKELY]
    for number, each in enumerate(likely):
        yield _diagnosis(each, report, lines, number)


def _diagnosis(diagnosed: Diagnosed, report: Report, lines: Lines, number: int) -> Html:
    rule = diagnosed.rule
    head = el("h2", "Why this is the cause", id="cause-1") if not number else join((el("h2", clean(diagnosed.title, 400), id=f"cause-{number + 1}"), _sureness(diagnosed), el("p", prose(rule.explain))))
    support = list(dict.fromkeys(clean(each.because) for each in diagnosed.supports if each.because))
    confirm = " ".join(rule.confirm.split())
    return el(
        "section",
        head,
        el("h3", "Where it shows"),
        evidence(diagnosed, lines),
        _listed("What speaks for it", [prose(text) for text in support], "for"),
        _listed("What speaks against it", list(_against(diagnosed)), "against"),
        _listed("Open questions", [prose(text) for text in dict.fromkeys(question(each.fact, report) for each in diagnosed.open_questions)], "open"),
        join((el("h3", "How to fix it", id=f"fix-{number + 1}"), cures(diagnosed))) if diagnosed.fixes else None,
        join((el("h3", "How to confirm it"), el("p", prose(confirm)))) if confirm else None,
        _listed("References", [_link(link) for link in rule.references], "links"),
        cls="diagnosis",
        aria_labelledby=f"cause-{number + 1}",
    )


def _against(diagnosed: Diagnosed) -> Iterator[Html]:
    for weighed in diagnosed.contradicts:
        where = next((each.where for each in weighed.evidence if each.where), None)
        told = prose(clean(weighed.because or weighed.clause.condition.fact))
        yield join((told, " (", place(where.path, where.line), ")")) if where else told


def _listed(title: str, items: Sequence[Html], cls: str) -> Html | None:
    return join((el("h3", title), el("ul", *(el("li", item) for item in items), cls=f"signed {cls}"))) if items else None


def _link(url: str) -> Html:
    """Only what leads to the web is a link: a rule may be anybody's."""
    return el("a", url, href=url, rel="noreferrer noopener") if url.startswith(_WEB) else el("span", url)


def rivals(found: Sequence[Diagnosed], lines: Lines) -> Html | None:
    """The causes that are not likely, each to be opened."""
    less = [each for each in found if each.confidence < LIKELY]
    if not less:
        return None
    title = "Other causes" if len(less) < len(found) else "Worth a look, though nothing shows it" if less[0].lead else "Thinkable, but not likely"
    return el("section", el("h2", title, id="others"), *(_rival(each, lines) for each in less), aria_labelledby="others")


def _rival(diagnosed: Diagnosed, lines: Lines) -> Html:
    where = next((item.where for item in diagnosed.evidence if item.where), None)
    head = el("summary", el("span", f"{diagnosed.confidence * 100:.0f} %", cls="percent"), el("code", diagnosed.rule.cause, cls="cause"), el("span", clean(diagnosed.title, 400), cls="said"), place(where.path, where.line) if where else None)
    return el("details", head, el("p", prose(diagnosed.rule.explain)), evidence(diagnosed, lines), cures(diagnosed), cls="rival")
