"""What did the model APIs answer that the target uses, when they were asked just now?"""

from __future__ import annotations

from typing import Annotated, ClassVar

from callcheck.model.fact import Attr, Fact
from callcheck.model.noun import dataclass

_SAID = {
    "ok": "answered",
    "auth": "refuses the key",
    "forbidden": "does not allow this key to ask",
    "no-key": "wants a key, and none was sent",
    "unsigned": "answers; its clients sign their requests, which callcheck does not, so whether it takes theirs is open",
    "not-found": "has no list of models at this address",
    "rejected": "rejects the request",
    "rate-limited": "refuses the call for its rate limit",
    "quota": "refuses the call: the quota is used up",
    "unavailable": "answers with a server error",
    "overloaded": "is overloaded",
    "timeout": "did not answer in time",
    "refused": "refuses the connection: nobody listens there",
    "unreachable": "is not reached from here",
    "dropped": "ends the connection without an answer",
    "dns": "is not found by its name",
    "tls": "has a certificate that is not accepted here, or speaks no TLS",
    "proxy": "is not reached through the proxy of this environment",
    "redirect-loop": "redirects without end",
    "redirected": "redirects elsewhere, where the key was not taken",
    "oversized": "sends without end, and was read no further",
    "malformed": "answered, but not as a model API does",
}


@dataclass(frozen=True, slots=True, repr=False)
class UpstreamChecked(Fact):
    """One model API was asked for the list of its models, from this machine, with the target's own settings."""

    kind: ClassVar[str] = "upstream.checked"

    system: Annotated[str, Attr("gen_ai.provider.name")]
    address: Annotated[str, Attr("server.address")]
    """Host, and port where it is not the scheme's own."""
    outcome: Annotated[str, Attr("callcheck.upstream.outcome")]
    """ok, auth, forbidden, no-key, unsigned (the way there works), not-found, rejected, rate-limited, quota, unavailable, overloaded, timeout, refused, unreachable, dropped,
    dns, tls, proxy, redirect-loop, redirected, oversized or malformed."""
    status: Annotated[int, Attr("http.response.status_code")]
    """0 if there was no answer."""
    latency: Annotated[float, Attr("callcheck.upstream.latency", "s")]
    """Until the first bytes of the answer, or until the call failed."""
    timeout: Annotated[float, Attr("callcheck.upstream.timeout", "s")]
    """What the client of the code is given; 0 if that is not written out."""
    slower: Annotated[bool, Attr("callcheck.upstream.slower")]
    """An answer came, but later than the code's client would have waited."""
    retries: Annotated[int, Attr("callcheck.upstream.retries")]
    """What the client of the code is given; -1 if that is not written out."""
    remaining: Annotated[int, Attr("callcheck.upstream.remaining", "{request}")]
    """Requests left, by the answer's headers; -1 if they do not say."""
    variable: Annotated[str, Attr("callcheck.variable")]
    """Where the key was taken from; "" if none was sent."""
    model: Annotated[str, Attr("gen_ai.request.model")]
    """A name that the code asks for and the API does not know; "" if all are known, or that was not to be told."""

    def says(self) -> str:
        if self.model:
            return f"{self.address} knows no model {self.model}"
        said = _SAID.get(self.outcome, self.outcome)
        status = f" ({self.status})" if self.status else ""
        late = f", later than the client's limit of {self.timeout:g} s" if self.slower else ""
        key = f" the key in {self.variable}" if self.variable and self.outcome == "ok" else ""
        left = f"; {self.remaining} request{'' if self.remaining == 1 else 's'} left in the running period" if self.remaining >= 0 else ""
        return f"{self.address} {'took' if key else said}{key}{status} after {self.latency:.2f} s{late}{left}"
