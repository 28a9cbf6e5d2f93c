"""What looks like a credential, and what stands in its place?

Three ways to know one: by its own form (`ghp_…`, a private key, a card number), by where it stands (a password in an address, behind `Bearer`,
in a cookie), and by the name before it (`password: …`, `"apiKey": "…"`, `DB_PASSWORD=…`). Formats as their issuers document them, and as
GitHub's and gitleaks' lists of October 2026 have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from callcheck.model.pattern import compiled, pattern

GONE = "[redacted]"
_Q = r"(?:\\*[\"'`]|\\+u0022|&quot;|%22)"
"""A quotation mark, as it is or as JSON in JSON, HTML and URLs write it."""

# Names. A key is a secret by what it is a key of: `routing_key` and `primary_key` are none.
_KEY_OF = r"api|app|access|secret|private|signing|signature|encryption|encrypt|decryption|account|shared|master|auth|admin|service|storage|subscription|licen[cs]e|webhook|session|jwt|hmac|client|consumer|server|ingest|deploy|instrumentation|openai|anthropic|gemini|stripe|sendgrid|twilio|aws|azure|function|host|write|ssh|gpg|rsa"
NAME = (
    r"(?:(?:secret(?:[_-]?(?:token|value|string|access[_-]?key))?|passw(?:or)?d|passwd|passphrase|pwd"
    rf"|token|(?:{_KEY_OF})[_-]?key|connection[_-]?string|auth[_-]?header|authorization|dsn))"
)
_PASSWORD = r"(?:[A-Za-z0-9_.-]{0,40}?(?:passw(?:or)?d|passwd|passphrase|pwd))"
_NAME_CUES = ("key", "secret", "token", "passw", "passphrase", "pwd", "string", "auth", "dsn")
_PASSWORD_CUES = ("passw", "passphrase", "pwd")
PLACEHOLDER = r"(?:(?i:(?:bearer|basic|token|apikey)\s+)?(?:\$\{[^}]*\}|\{\w+\})|(?i:bearer|basic|token|apikey) ?|\$\{[^}\s]*\}|\$[A-Z_][A-Z0-9_]*|\$\([^)]*\)|\{\{[^}]*\}\}|<[\w -]+>|%\(\w+\)s|\[redacted\])"
_TYPES = r"(?:string|str|number|boolean|bool|int|any|unknown|never|bytes|none|null|nil|undefined|true|false|object|required|optional|secretstr|redacted)\b"
CODE = r"(?:[A-Za-z_$][\w$]*\.)+[A-Za-z_$][\w$]*\b"
"""`process.env.KEY`, `settings.token`."""

_FORMS = "|".join(
    (
        r"gh[pousr]_[A-Za-z0-9_]{20,}|github_pat_\w{20,}",
        r"gl(?:pat|dt|rt|ptt|soat|agent|ft|imt|cbt)-[\w.-]{16,}|GR1348941[\w-]{16,}",
        r"xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,}|xoxe\.[\w.-]{10,}",
        r"[spr]k_(?:live|test)_\w{8,}|sk_(?=\w*\d)\w{24,}|whsec_[\w+/=-]{12,}",
        r"sk-(?=[\w*-]*\d)[\w*-]{16,}|(?:pplx-|xai-|nvapi-|pul-|CFPAT-|PMAK-|NR(?:AK|JS|II|SP)-|v1\.0-)(?=[\w-]*\d)[\w-]{24,}",
        r"(?:gsk|r8|hf|lsv2_[ps]t|tgp_v1|fw|jina|csk|sbp|re|figd|ntn|do[opr]_v1|tfp|rubygems|dckr_pat|dckr_oat|lin_api|lin_oauth|secret|pscale_(?:tkn|pw|oauth)|glsa|glc|sntry[su]|shp(?:at|ss|ca|pa)|npm|vercel|ops)_(?=[A-Za-z0-9=-]{0,40}\d)[A-Za-z0-9=-]{20,}[\w=-]*",
        r"(?:dp\.(?:st|pt|ct|scim|audit)|hv[sbr])\.(?=[\w-]*\d)[\w-]{20,}(?:\.[\w-]{20,})?|AT(?:ATT3|CTT3|BB)(?=[\w=-]*\d)[\w=-]{20,}",
        r"AIza[\w-]{30,}|GOCSPX-[\w-]{20,}|ya29\.[\w.-]{20,}|1//0[\w-]{30,}|AAAA[\w-]{7}:APA91b[\w-]{20,}",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{16,}",
        r"SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}",
        r"pypi-AgE[\w-]{12,}|(?:[\w-]{14})\.atlasv1\.[\w-]{40,}|dapi[0-9a-f]{32}|dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{40,}|AGE-SECRET-KEY-1[A-Z0-9]{40,}|sq0[a-z]{3}-[\w-]{20,}|EAA[A-Za-z0-9]{40,}|access_token\$production\$[\w$]{20,}",
        r"mfa\.[\w-]{60,}|\d{8,10}:AA[\w-]{32,34}|[\w.~-]{3}\dQ~[\w.~-]{31,34}",
        r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}|eyJrIjoi[\w+/=-]{40,}",
    )
)
_LEAST_ROW, _LEAST_LONGER = 18, 34
_LONG = pattern(rf"[\w.~+/=$:*-]{{{_LEAST_ROW},}}")
"""What each of these forms has: so many characters in a row."""
_LONGER = pattern(rf"[\w.~+/=$:*-]{{{_LEAST_LONGER},}}")
"""What those have that begin with nothing that is theirs alone, and lines of base64."""
_FORM = pattern(rf"(?<![A-Za-z0-9_])(?:{_FORMS})")
_FORM_CUES = tuple(
    "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- glsoat- glagent- glft- glimt- glcbt- gr1348941 xox xapp- k_live_ k_test_ sk_ whsec_ sk- pplx- xai- nvapi- pul- cfpat- pmak- nrak- nrjs- nrii- nrsp- v1.0-"
    " gsk_ r8_ hf_ lsv2_ tgp_v1_ fw_ jina_ csk_ sbp_ re_ figd_ ntn_ _v1_ tfp_ rubygems_ dckr_ lin_ secret_ pscale_ glsa_ glc_ sntry shpat_ shpss_ shpca_ shppa_ npm_ vercel_ ops_ dp. hvs. hvb. hvr. atatt3 atctt3 atbb aiza gocspx- ya29. 1//0 apa91b"
    " akia asia abia acca ltai sg. key- -us pypi-age .atlasv1. dapi dt0 age-secret sq0 eaa access_token$ mfa. :aa q~ eyj".split()
)
_BARE = pattern(r"(?<![A-Za-z0-9_])(?:[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}|SK[0-9a-f]{32}(?!\w)|pat[A-Za-z0-9]{14}\.[0-9a-f]{40,})")
"""Those of Discord, Twilio and Airtable, which begin with nothing that is theirs alone."""
_BASE64 = pattern(r"(?=[A-Za-z0-9+/=]*[a-z])(?=[A-Za-z0-9+/=]*[A-Z])(?=[A-Za-z0-9+/=]*\d)[A-Za-z0-9+/]{64,}={0,2}")
"""A line of a long text, such as the inside of a key."""
WORD = pattern(r"secret(?:[_-]?(?:token|value|string|access[_-]?key))?|passw(?:or)?d|passwd|passphrase|pwd|token|key|connection[_-]?string|auth[_-]?header|authorization|dsn")
"""Where a name may end that says that a credential follows."""
QUALIFIED = pattern(rf"(?i)(?:{_KEY_OF})[_-]?$")
_VALUE = pattern(
    rf"(?:{_Q}|\])*\s*(?:(?:[:=]|=>|:=|%3[aAdD])\s*({_Q})(?!{PLACEHOLDER}(?:\1|$))(?!\s*[+.,)]\s)(?![a-z_]+(?:[.:][a-z_]+)+\1)(?P<quoted>(?:(?!\1)(?:\\.|[^\\\r\n]|\\(?=[\r\n]|$|\1(?!.*\1)))){{6,}})(?:\1|$)"
    rf"|(?:=|%3[dD]|\s*=\s*(?![A-Za-z_$][\w$]*;))(?![\"'`\\\[\s]|\$\{{|/\^|[A-Za-z_$][\w$]*\[)(?!{PLACEHOLDER})(?!{CODE})(?P<set>(?=[^\s\"'&;,()]*\d)[^\s\"'&;,()]{{8,}})(?![(\w])"
    rf"|:\s+(?![\"'`\\\[{{])(?!{PLACEHOLDER})(?!{CODE})(?P<told>(?=[^\s\"',;()]*\d)[^\s\"',;()\[\]{{}}<>|]{{8,}})(?![(\w.\[]))"
)
"""What follows such a name: a text in quotation marks, or a word with a digit in it."""
_NAMES = pattern(rf"(?i)[\w.-]{{0,40}}?{NAME}{_Q}\s*[:=]")
"""`{"X-Api-Key": …` behind the name of a credential is the name of another one."""
_WORDS = pattern(r"[a-z_]+(?:[./-][a-z_]+)+")
"""`refresh-token`, which a constant of that name may be."""

Mask = str | Callable[["re.Match[str]"], str]


def _form(found: re.Match[str]) -> str:
    """The part that tells whose key it is stays."""
    text = found[0]
    if text.startswith("eyJ"):
        return "[token]"
    lead = re.match(r"(?:sk-(?:ant|proj|svcacct|or|lf)|[spr]k_(?:live|test)|github_pat|dckr_pat|AKIA|ASIA|ABIA|ACCA|LTAI|AIza|GOCSPX|GR1348941|pypi-AgE|[A-Za-z][A-Za-z0-9]{0,7}(?=[-_.]))[-_.]?", text)
    return (lead[0] if lead else "") + GONE


def _cookie(found: re.Match[str]) -> str:
    """The names of cookies stay, and where each holds."""
    kept = r"(?i)(?:path|domain|expires|max-age|samesite|priority)$"
    return found[1] + re.sub(r"([\w.!#$%*+-]{1,80})=([^;,\s\"'\\]{4,})", lambda pair: pair[0] if re.match(kept, pair[1]) else f"{pair[1]}={GONE}", found[2])


def _card(found: re.Match[str]) -> str:
    """A payment card by its check digit."""
    digits = [int(c) for c in found[0] if c.isdigit()]
    doubled = [d if n % 2 == 0 else d * 2 - 9 * (d > 4) for n, d in enumerate(reversed(digits))]
    return "[card]" if sum(doubled) % 10 == 0 and len(set(digits)) > 1 else found[0]


SECRETS: tuple[tuple[tuple[tuple[str, ...], ...], str, Mask], ...] = (
    ((("-----begin",),), r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)", "[private key]"),
    # Addresses: a password, a key in the place of the user, and paths that are keys.
    ((("://",),), r"(?i)\b([a-z][a-z0-9+.-]*://)([^\s/:@\"'`]*):(?!\d{1,5}[/?#])([^\s/\"'`<>]+)@", rf"\1\2:{GONE}@"),
    ((("://",),), r"(?i)\b([a-z][a-z0-9+.-]*://)([^\s/:@\"'`$]*):(?!\d{1,5}[/?#])(?!\[redacted\])([^\s\"'`<>${}]+)@(?=[\w.-]+(?::\d+)?(?:[/?#\s\"'`]|$))", rf"\1\2:{GONE}@"),
    ((("://",),), r"(?i)\b([a-z][a-z0-9+.-]*://)(?=[\w%-]*\d)[\w%-]{16,}@", rf"\1{GONE}@"),
    # app:password@tcp(db:3306)/shop, and whatever else names no scheme.
    ((("@",),), r"(?<![\w./-])([\w.-]{1,64}:)(?!\[redacted\])[^\s:/@\"'`(){},]{3,64}@(?!sha256)(?=(?:tcp|unix)\(|[\w-]+(?:\.[\w-]+)*:\d{2,5}\b)", rf"\1{GONE}@"),
    (
        (("/services/", "hooks.", "webhook", "hook.", "ifttt", "/bot"),),
        r"(?i)(\bhooks\.slack\.com/(?:services|workflows|triggers)/|\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/|\bhooks\.zapier\.com/hooks/catch/|\bhook\.[\w.]{2,20}\.make\.com/|\bwebhook\.office\.com/webhookb?2?/|\boutlook\.office\.com/webhook/|\bmaker\.ifttt\.com/trigger/\w+/(?:json/)?with/key/|/services/(?=T[A-Z0-9]{6,}/B)|/bot)"
        r"(?=[\w@/:.-]*\d)[\w@/:.~%-]{10,}",
        rf"\1{GONE}",
    ),
    ((("sig=", "signature=", "credential=", "-token=", "code=", "auth="),), r"(?i)([?&](?:amp;)?(?:sig|signature|x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|code|auth)=)(?=[\w%./+~=-]*\d)[\w%./+~=-]{12,}", rf"\1{GONE}"),
    # Headers.
    ((("bearer", "basic"),), r"(?i)\b(bearer|basic)((?:\s|%20|\\u0020)+)(?=\S*(?:\d|[a-z][A-Z]|=))(?-i:(?=\S*(?:\d|[a-z][A-Z]|=)))[A-Za-z0-9._~+/=%\\-]{8,}", rf"\1 {GONE}"),
    ((("authorization",),), rf"(?i)(authorization{_Q}?\s*[:=,]\s*{_Q}?(?:token|apikey|api-key|key|digest|hmac|aws4-hmac-sha256|sso-key|splunk|discogs)\s+)[^\"'`\\\r\n]{{6,}}", rf"\1{GONE}"),
    ((("cookie",),), rf"(?i)(\b(?:set-)?cookie{_Q}?\s*[:=,]\s*{_Q}?)((?:[\w.!#$%*+-]{{1,80}}=[^\"'\r\n]*))", _cookie),
    ((("card", "visa", "amex", "cvv", "cvc", "payment"),), r"(?<![\w.-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|5\d\d))([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w.-])", _card),
    # Names.
    (
        (("value\\", "value\"", "value'", "value:", "value="),),
        rf"(?i)({_Q}?name{_Q}?\s*[:=]\s*{_Q}?[\w.-]{{0,40}}?{NAME}{_Q}?\s*,\s*{_Q}?value{_Q}?\s*[:=]\s*)({_Q}?)((?!{PLACEHOLDER})[^\"'`\\\s,}}]{{4,}})",
        rf"\1\2{GONE}",
    ),
    # ("X-Api-Key", "…"), which is no two values of an object or a list of names.
    ((_NAME_CUES, (",",)), rf"(?i)([(\[]\s*{_Q}[\w.-]{{0,40}}?{NAME}{_Q}\s*,\s*{_Q})(?!{PLACEHOLDER})((?=[^\"'`\s]*\d)[^\"'`\s]{{8,}})", rf"\1{GONE}"),
    # Passwords may be words.
    ((_PASSWORD_CUES,), rf"(?i)((?:^|(?<=[\s;?&\"'`]))(?:export\s+|-e\s+)?{_PASSWORD}=)(?!{PLACEHOLDER})(?![\"'\[])(?!{CODE})(?!{_TYPES})[^\s\"'&;,()]{{4,}}(?=[\s;&\"']|$)(?!\s*[,)])", rf"\1{GONE}"),
    ((_PASSWORD_CUES,), rf"(?im)((?:^\s*|(?<=[\"'`])|(?<!\S)(?://|#)\s*)(?:-\s+)?{_Q}?{_PASSWORD}{_Q}?\s*:\s+)(?!{PLACEHOLDER})(?!{_TYPES})(?!{CODE})[^\s\"'`()\[\]{{}}<>|,;?]{{4,}}(?=\s*(?:#.*)?$|[\"'`])", rf"\1{GONE}"),
    (
        (("_secret=", "_token=", "_key=", "_secret_key="),),
        rf"((?:^|(?<=[\s\"'`]))(?:export\s+|-e\s+)?(?:[A-Z][A-Z0-9_]*_)?(?:SECRET|TOKEN|SECRET_KEY|API_KEY|ACCESS_KEY)=)(?!{PLACEHOLDER})(?![\"'\[])(?!{CODE})[^\s\"'&;,()]{{8,}}(?=[\s\"'`]|\\|$)",
        rf"\1{GONE}",
    ),
    (
        (("secret:", "token:", "_key:"),),
        rf"(?m)((?:^\s*|(?<=[\"'`]))(?:-\s+)?[A-Z][A-Z0-9_]*_(?:SECRET|TOKEN|SECRET_KEY|API_KEY|ACCESS_KEY):\s+)(?!{PLACEHOLDER})(?!{_TYPES})(?!{CODE})[^\s\"'`()\[\]{{}}<>|,;?]{{4,}}(?=\s*(?:#.*)?$|[\"'`])",
        rf"\1{GONE}",
    ),
    # The command line.
    ((("--", "curl "), _NAME_CUES), rf"(?i)(?<!\S)(--?(?:[\w-]{{0,30}}?{NAME}|api-?key)(?:\s+|=))(?!-)(?!{PLACEHOLDER})([\"']?)[^\s\"']{{4,}}", rf"\1\2{GONE}"),
    ((("curl ", "wget ", "http "),), r"(\s(?:-u|--user|--auth|-a)[= ]?[\"']?[^\s:\"']{1,64}):[^\s\"']{3,}", rf"\1:{GONE}"),
    ((("mysql", "mariadb", "sshpass", "redis-cli"),), r"(\b(?:mysql(?:dump|admin)?|mariadb|sshpass|redis-cli)\b.*?\s-[pa] ?)(?!\d{1,5}\b)[^\s\"'-][^\s\"']{3,}", rf"\1{GONE}"),
)
"""In lower case what must be there, one of each row, for it to be worth a search, the pattern, and what stands there instead."""


_FIRST_CUES = {cue for rows, _, _ in SECRETS for cue in rows[0]}
_CUES = tuple(cue for cue in sorted(_FIRST_CUES) if not any(other in cue for other in _FIRST_CUES - {cue}))
_APART = bytes(code if chr(code).isalnum() and code < 128 or chr(code) in "_.~+/=$:*-" else 32 for code in range(256))
"""What `_LONG` does not take is space."""


def redact(text: str) -> str:
    """The text with credentials masked. A text with escapes of a terminal, or characters that nobody sees, is looked at without them too."""
    if len(text) < 8:
        return text
    if not text.isprintable():
        bare = re.sub(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)|[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", "", text)
        if bare != text and (masked := _masked(bare)) != bare:
            return masked
    return _masked(text)


def _masked(text: str) -> str:
    lower = text.lower()
    if any(map(lower.__contains__, _CUES)):
        for rows, shape, mask in SECRETS:
            if all(any(cue in lower for cue in cues) for cues in rows):
                text = compiled(shape).sub(mask, text)
    # What is masked by then adds nothing to begin with: a text without any of their beginnings has none of these forms.
    long = _rows(text)
    text = long.sub(_formed, text) if long else text
    return _named(text) if any(map(lower.__contains__, _NAME_CUES)) else text


def _rows(text: str) -> re.Pattern[str] | None:
    """Which rows of characters `_formed` may have to change: None, those that are long, or all, where one holds what one of the forms begins with.

    To split the text at all else and measure what is left takes a third of the search for rows.
    """
    if not text.isascii():
        return _LONG
    rows = [row for row in text.encode().translate(_APART).split() if len(row) >= _LEAST_ROW]
    if not rows:
        return None
    if any(map(b" ".join(rows).decode().lower().__contains__, _FORM_CUES)):
        return _LONG
    return _LONGER if max(map(len, rows)) >= _LEAST_LONGER else None


def _formed(found: re.Match[str]) -> str:
    """A row of characters, without what in it has the form of a credential."""
    text = found[0]
    if len(text) >= 64 and _BASE64.fullmatch(text):
        return "[base64]"
    if len(text) >= _LEAST_LONGER:
        text = _BARE.sub(GONE, text)
    lower = text.lower()
    return _FORM.sub(_form, text) if any(map(lower.__contains__, _FORM_CUES)) else text


def lowered(text: str) -> str:
    """In lower case, with each character where it was."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if c.isascii() else c for c in text)


def _named(text: str) -> str:
    """Without what stands behind the name of a credential."""
    lower, parts, done = lowered(text), [], 0
    for word in WORD.finditer(lower):
        if word.start() < done or (word[0] == "key" and not QUALIFIED.search(text[max(0, word.start() - 20) : word.start()])):
            continue
        if text[word.end() : word.end() + 12].lstrip(" \t\\\"'`]&quot;u02")[:1] not in (":", "=", "%"):  # noqa: B005  (any of these characters)
            continue
        value = _VALUE.match(text, word.end())
        if value and value.lastgroup == "quoted" and _NAMES.match(text, value.start("quoted")):
            continue
        if value and value.lastgroup and not (word[0].startswith(("connection", "dsn")) and "://" in value[value.lastgroup]) and not (word[0] in ("token", "key") and _WORDS.fullmatch(value[value.lastgroup])):
            parts += [text[done : value.start(value.lastgroup)], GONE]
            done = value.end(value.lastgroup)
    return "".join((*parts, text[done:])) if parts else text
