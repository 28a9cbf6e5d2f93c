"""Does a plain request go to an API that hands a message on to people, so that it is wrong to send it once in each process?

    fetch(process.env.SLACK_WEBHOOK_URL, { method: "POST", body })       requests.post(f"https://api.telegram.org/bot{token}/sendMessage", json=text)
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node

_ADDRESS = pattern(
    r"(?i)hooks\.slack\.com|slack\.com/api/chat\.|discord(?:app)?\.com/api/(?:v\d+/)?(?:webhooks|channels)/|api\.telegram\.org|graph\.facebook\.com/|webhook\.office\.com|chat\.googleapis\.com"
    r"|ntfy\.sh|api\.pushover\.net|api\.sendgrid\.com|api\.mailgun\.net|api\.postmarkapp\.com|api\.resend\.com|api\.brevo\.com|api\.twilio\.com|exp\.host/--/api|fcm\.googleapis\.com"
)
_NAMED = pattern(r"(?i)^(?:[a-z]\w*_)?(?:slack|discord|teams|mattermost|google_?chat|rocket_?chat)_?(?:incoming_?)?(?:web)?_?hook(?:_?(?:url|uri))?$")
"""Names of variables that hold such an address."""


def tells_people(code: Code, call: Call) -> bool:
    """Whether the address of a request is one of these, as far as it is written or named."""
    given = call.keyword("url") if call.keywords and not call.args else next(iter(call.args), None)
    if given is None:
        return False
    held = given_once(code.origins, given) if isinstance(given, (Name, Member)) else None
    parts = [given, held.value] if held is not None and held.value is not None else [given]
    return any(_ADDRESS.search(code.idioms.text(part)) or any(_NAMED.search(word) for word in _words(part)) for part in parts)


def _words(node: Node) -> list[str]:
    names = [each.id for each in node.inside(Name)] + [each.name for each in node.inside(Member)]
    return names + [each.value for each in node.inside(Literal) if isinstance(each.value, str)]
