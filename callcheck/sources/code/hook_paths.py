"""Is a path one that a provider calls, and no user, and a name that of an address for it?

    /webhooks/stripe, /shopify/hooks        for a sender that is named
    /hooks/done, /callbacks/ready           by the word alone
    /auth/github/callback                   neither: a browser comes back to it from a login
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern

_SENDERS = (
    "stripe|paypal|mollie|adyen|psp|braintree|square|klarna|razorpay|paddle|github|gitlab|bitbucket|shopify|slack|twilio|sendgrid|mailgun|postmark|telegram|whatsapp|messenger"
    "|instagram|facebook|meta|line|viber|discord|hubspot|docusign|zoom|calendly|typeform|clerk|svix|replicate|lemonsqueezy|resend"
)
_HOOKS = "web-?hooks?|hooks?|callbacks?|ipn|events"
_NAMED = pattern(
    rf"(?:^|/)(?:{_HOOKS})/(?:{_SENDERS}|auth0|payments?|billing|sms|mail)\b|(?:^|/)(?:{_SENDERS}|payments?)/(?:{_HOOKS}|status|interactions|commands)(?:/|$)",
    re.IGNORECASE,
)
_WORD = pattern(r"(?:^|/)(?:web-?hooks?|hooks?|callbacks?)(?:/|$)", re.IGNORECASE)
CALLBACK = pattern(r"(?:callback|web_?hook|notif(?:y|ication)|hook|event_?sink|status_?callback|return|result)s?_?-?(?:url|uri|endpoint|address|target)?s?$|^(?:url|uri)_?(?:callback|webhook)$", re.IGNORECASE)
"""Names of what is given to somebody who is to call back later."""
BROWSED = pattern(r"^(?:return|result|redirect)|success|cancel", re.IGNORECASE)
"""Those of them that a browser opens, which may well stand on this machine."""
PUBLIC = pattern(r"https://(?:[\w-]+\.)+(?!local\b|internal\b|lan\b)[a-z]{2,}(?:[:/]|$)", re.IGNORECASE)
_LOGIN = pattern(r"(?:^|/)(?:o?auth2?|login|log-in|sign-?in|sso|saml2?|oidc|openid|passport|connect|session)(?:/|$)", re.IGNORECASE)


def named(path: str) -> bool:
    """Whether a path names its sender, so that nobody else posts to it."""
    return _NAMED.search(path) is not None and not login(path)


def hooked(path: str) -> bool:
    """Whether a path is at least called as one for a sender is."""
    return (_NAMED.search(path) or _WORD.search(path)) is not None and not login(path)


def login(path: str) -> bool:
    """Whether a path belongs to a login, so that a browser opens it."""
    return _LOGIN.search(path) is not None
