"""Is a delivery signed as its scheme asks for?"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Iterator, Mapping

from callcheck.model.scenario import Signature

OK = "ok"


def verify(signature: Signature, secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> str:
    """`ok`, or in a few words what is wrong. Header names are in lower case; `secret` is what the environment variable holds."""
    written = headers.get(signature.header, "")
    if not written:
        return f"no {signature.header} header"
    timestamp, given = _parts(signature, headers, written)
    if "{timestamp}" in signature.signed:
        if not timestamp.isdigit():
            return f"no timestamp{f' in {signature.timestamp_header}' if signature.timestamp_header else ''}"
        if abs((time.time() if now is None else now) - int(timestamp)) > signature.tolerance_s:
            return f"the timestamp is more than {signature.tolerance_s} s from now"
    message_id = headers.get(signature.id_header, "") if signature.id_header else ""
    if "{id}" in signature.signed and not message_id:
        return f"no {signature.id_header} header"
    before, _, after = signature.signed.partition("{body}")
    known = {"{timestamp}": timestamp, "{id}": message_id}
    digest = hmac.new(_key(signature, secret), _filled(before, known) + body + _filled(after, known), signature.algorithm)
    right = base64.b64encode(digest.digest()).decode() if signature.base64 else digest.hexdigest()
    if not given:
        return f"no signature in {signature.header}"
    # As text of ASCII only: compare_digest refuses others.
    return OK if any(hmac.compare_digest(right.encode(), each.encode()) for each in given) else "the signature does not fit body and secret"


def _parts(signature: Signature, headers: Mapping[str, str], written: str) -> tuple[str, list[str]]:
    """The timestamp, if the scheme has one, and every signature that is given."""
    if signature.form == "pairs":
        pairs = [part.strip().partition("=") for part in written.split(",")]
        return next((value for key, _, value in pairs if key == "t"), ""), [value for key, _, value in pairs if key == "v1"]
    timestamp = headers.get(signature.timestamp_header, "") if signature.timestamp_header else ""
    return timestamp, list(_signatures(signature, written))


def _signatures(signature: Signature, written: str) -> Iterator[str]:
    if signature.form == "versions":
        yield from (value for version, _, value in (part.partition(",") for part in written.split(" ")) if version == "v1")
    elif written.startswith(signature.prefix):
        yield written[len(signature.prefix) :]


def _filled(text: str, known: Mapping[str, str]) -> bytes:
    for name, value in known.items():
        text = text.replace(name, value)
    return text.encode("utf-8", "surrogateescape")


def _key(signature: Signature, secret: str) -> bytes:
    if not signature.secret_prefix:
        return secret.encode()
    bare = secret.removeprefix(signature.secret_prefix)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
