"""What varies in a line from one delivery to the next, and what does it say without that?"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern

_TOKEN = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)
_VALUE = pattern(r"[=:]\"?(?:(\d{2,20})\b(?![:.]\d|-[01]\d-[0-3]\d\b)|([A-Za-z]{1,2}-?\d{1,3})(?![\w.]))", re.ASCII)
_SHORT_KEY = pattern(r"\b[A-Za-z][\w.-]*$", re.ASCII)
_WORD_CHARACTERS = frozenset("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NO_END = _WORD_CHARACTERS | frozenset(".:")
_NO_END_ALONE = _NO_END | frozenset("%/-")
_NO_BEGIN = _WORD_CHARACTERS | frozenset(".:=/+-")
_OF_KEYS = "".join(sorted(_WORD_CHARACTERS)) + ".-"
_NOT_FIRST = "0123456789_.-"
_KNOWN: dict[str, str] = {}
"""Tokens that were met, with what they are as ids: most come again."""
_MOST_KNOWN = 20_000
_APART = bytes(code if chr(code) in _WORD_CHARACTERS or chr(code) == "-" else 32 for code in range(256))
DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")
_RUN = pattern(r"\d{2,}", re.ASCII)
_UNIT = pattern(
    r" ?(?:%|/|(?:m|u|n)?s|msecs?|secs?|seconds?|min(?:ute)?s?|hours?|days?|[kmg]i?b|bytes?|times?|percent|rpm|x|of|items?|rows?|lines?|samples?|messages?|events?|records?|(?:listener|handler|subscriber|receiver|client|worker|connection|retrie|token|attempt|job|task|entrie|file|request)s)\b",
    re.ASCII,
)
"""What follows a number that is a measure or a count."""
_ADDRESS = pattern(r"(?:^|[\s,;(\[\"'=]|//[\w.-]{1,80}|\blocalhost|\d\.\d{1,3}|\]):$", re.ASCII)
"""What stands before the port of a server: a URL's host, the own machine, an address, or nothing. A client's port is one of its connections, and such are high."""
_PORTS_OF_CLIENTS = 32_768
"""The first one that Linux gives to those who call; IANA has them from 49,152 on."""
_NO_NOUN = frozenset(
    "after and another are around at attempt batch before below between but by chapter code concurrency count day depth down error errno every exit expected first for from got had has have height "
    "http in into is kept last level limit line made max min minus more most near next of off offset on only or out over page partition per phase pid port priority queue read reason rest retry "
    "row sent shard shows signal since size slot stage status step than that the then threads to took total try under until up version wait was were width with workers wrote "
    "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun".split()
)
"""Words before a number that is no name: `in 13 ms`, `status 200`, `Nov 23`."""
_MEASURES = pattern(
    r"^(?:\w*ms|\w*_s|secs?|seconds|took|status|\w*statuscode|\w*delay|code|count|total|size|port|pid|uptime|duration|latency|bytes|length|len|n|attempts?|retry|retries"
    r"|version|page|limit|receivers|listeners|subscribers|took_ms|time|level|queue|depth|rows|words|tokens|\w*_tokens|kb|mb|waited|partition|offset|line|lines"
    r"|confidence|year|amount|errno|service|connect|dyno|minutes|hours|days|age|rss|score|max\w*|min\w*|p\d+\w*|responsetime|remoteport|x|y|v|py|[cm]?js|tsx?|jsx|go|rb|java|cs|php)$",
    re.I | re.ASCII,
)
_DURATION = pattern(
    r"^\d+(?:ms|s|m|h|kb|mb|gb|k|px|d|x)$|^v\d{1,3}$|^http\d?$|^utf-?8$|^\d+x\d+$|^[ipPp]\d{1,2}$|^sha\d+$|^\d{1,9}Z$|^\d\dT\d\d|^T[0-2]\d[0-5]\d[0-5]\dZ?$|^base64$|^oauth2$|^s3$|^ec2$|^x86_64$|^python\d$|^line\d*$",
    re.I,
)
_THREAD = pattern(r"^(?:\w*(?:worker|thread|executor|process|pool|exec|consumer|runner|poller|replica|fiber|goroutine)|MainProcess|Dummy)(?:[-_]\w{0,12}){0,3}[-_:]?\d{1,5}$|-(?:exec|thread)-\d{1,5}$", re.I)
"""Who does the work, not which: ForkPoolWorker-1, ThreadPoolExecutor-0_0, http-nio-8080-exec-3."""
_THREAD_ID = pattern(r"\btid=\S{1,20}", re.ASCII)
"""The same by its number, as Sidekiq and others write it; one thread does one piece of work after the other."""
_DATE = pattern(r"^(?:19|20)\d\d-?[01]\d-?[0-3]\d|^(?:19|20)\d\d-[01]\d|^\d{1,2}$|^\d{4}-\d\d-\d\dT?")
_CODE = pattern(r"^(?!(?:plan|tier|grade|type|class|phase|level|env|variant|mode|option|version|category|rating|size|priority|series|stage|cohort)[-_])[a-z]{3,20}[-_](?!(?:IDS?|OK|UR[IL]|API|HTTPS?|JSON|XML|CSV|PDF|SSE|WSS?|UI|DB|IO|TCP|UDP|TLS|SSL|UTC|CPU|DNS|SQL|JWT|GET|PUT|POST|N?ACK|TTL)$)[A-Z]{1,4}$")
"""A place or a group by a code of letters, which tells it from the others of its kind: `depot-HH`, `gate-B`; but no sort of which there are many, as `plan-B`."""
_CODED = pattern(r"[-_](?<=[a-z]{3}[-_])[A-Z]{1,4}(?![\w-])")
"""The end of one."""
_NAMES = pattern(
    r"[#@$][\w.-]+|\"[^\"]{0,200}\"|'[^']{0,200}'|(?:(?<![^\s\"'])|(?<=[\w.-])(?![\w.-]))\S*\d\S*|(?<![\w.-])[\w.-]+=\S*"
)
"""A word with a digit is taken from its beginning, or from where another match ended: trying it at each letter takes the square of the time."""
_WORDS = pattern(r"[A-Za-z][A-Za-z_.:/-]{1,40}")
_SHAPE_WORD = pattern(r"[a-z][a-z_-]{1,40}")
_VARIES = pattern(
    r"\"[^\"]{0,200}\"|'[^']{0,200}'|(?<![^\s\"'\]])\S*\d\S*|(?<![\w.-])[\w.-]+[=:]\S+|[#@$]\S+|\[[^\]]{0,80}\]"
)
"""Words are taken from their beginning, or from where another match ended: trying them at each letter takes the square of the time."""
_METHOD = pattern(r"(?<![\w#])([A-Z]\w{0,60}[a-z]\w{0,60})#(?=[a-z_]{2,40}\b)", re.ASCII)
"""`Registry#notify` is a method as Ruby and Java write it, while `order#71` and `#general` name what varies."""
_MOST_WORDS = 6
_SHAPE_HEAD = 120
_HEAD = 100


def template_of(text: str) -> str:
    """The first four words of a message."""
    text = _METHOD.sub(r"\1 ", text) if "#" in text[:300] else text
    text = _CODED.sub("-0", text) if _CODED.search(text, 0, 300) else text
    if len(text) > _HEAD and '"' not in text[:300] and "'" not in text[:300]:
        # Nothing in the pattern reaches beyond a word then, and four words are soon together.
        words = _WORDS.findall(_NAMES.sub(" ", text[: text.rfind(" ", 0, _HEAD) + 1]))
        if len(words) >= 4:
            return " ".join(words[:4])
    return " ".join(_WORDS.findall(_NAMES.sub(" ", text[:300]))[:4])


def shape_of(text: str, event: str = "") -> str:
    """The first words of a line in lower case, without the event's name, values, numbers and quotations."""
    head = _METHOD.sub(r"\1 ", text[:240]) if "#" in text[:240] else text[:240]
    head = (_CODED.sub("-0", head) if _CODED.search(head) else head).lower()
    if event:
        head = head.replace(event.lower(), " ")
    if len(head) > _SHAPE_HEAD and '"' not in head and "'" not in head:
        # Nothing in the pattern reaches beyond a word or a pair of brackets then, and six words are soon together.
        first = head[: head.rfind(" ", 0, _SHAPE_HEAD) + 1]
        words = _SHAPE_WORD.findall(_VARIES.sub(" ", first)) if first.rfind("[") <= first.rfind("]") else []
        if len(words) >= _MOST_WORDS:
            return " ".join(words[:_MOST_WORDS])
    return " ".join(_SHAPE_WORD.findall(_VARIES.sub(" ", head))[:_MOST_WORDS])


def ids(text: str) -> frozenset[str]:
    """What looks like an identifier: uuid, hex, letters with digits, the number of a `key=number` or of `job 881`; at most 10."""
    text = text[:600]
    if "tid=" in text:
        text = _THREAD_ID.sub("", text)
    found: dict[str, None] = {}
    shorts: list[str] = []
    for value in _VALUE.finditer(text):
        number, short = value.groups()
        if short and len(short) > 3:
            continue
        before = text[max(0, value.start() - 41) : value.start()]
        run_ = before[len(before.rstrip(_OF_KEYS)) :]
        key = run_.lstrip(_NOT_FIRST)
        if short and key != run_:
            # Too short to be told from a word or a unit by its shape: only together with its whole key.
            whole = _SHORT_KEY.search(run_)
            key = whole[0] if whole else ""
        if not key or _MEASURES.match(key.rsplit(".", 1)[-1]):
            continue
        if number:
            if value[0][0] == "=" or not _port(text, value.start(1), number):
                found[number] = None
        elif not _DURATION.match(short):
            shorts.append(f"{key.lower()}={short}")
    for run in _RUN.finditer(text):
        # A number that stands alone, of four digits or more or behind a noun, or one behind a separator.
        begin, end = run.span()
        before, after = text[begin - 1 : begin] or " ", text[end : end + 1] or " "
        if after in ":." and text[end + 1 : end + 2] in ("", " "):
            after = " "
        if end - begin < 3 and before not in " #":
            continue
        if before == "-" == after:
            continue  # A part of a uuid, or of a name that is found as a whole.
        if before in "/:#-":
            if end - begin <= 20 and after not in _NO_END and not (before == ":" and _port(text, begin, run[0])):
                found[run[0]] = None
        elif end - begin <= 12 and before not in _NO_BEGIN and after not in _NO_END_ALONE:
            if (end - begin > 3 or _named(text, begin)) and not _UNIT.match(text, end):
                found[run[0]] = None
    found.update(dict.fromkeys(shorts))
    for token in _tokens(text):
        known = _KNOWN.get(token)
        if known is None:
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            known = _KNOWN[token] = _id_of(token)
        if known:
            found[known] = None
            if len(found) >= 16:
                break
    return frozenset(list(found)[:10])


def _port(text: str, begin: int, number: str) -> bool:
    """Whether the number behind a colon is where a server listens, which all that is sent there have in common."""
    if len(number) > 5 or int(number) >= _PORTS_OF_CLIENTS:
        return False
    head = text[max(0, begin - 90) : begin]
    # Behind a letter (`order:71`) only these two can be an address, and looking for them takes a tenth of the search.
    return (not head[-2:-1].isalpha() or "//" in head or head.endswith("localhost:")) and _ADDRESS.search(head) is not None


def _named(text: str, begin: int) -> bool:
    """Whether the word before a number of two or three digits may be what it is the name of: `job 881`, `ticket 12`."""
    word = text[max(0, begin - 24) : begin].rstrip(" ").lower()
    word = word[len(word.rstrip("abcdefghijklmnopqrstuvwxyz")) :]
    return 3 <= len(word) <= 20 and text[begin - 1] == " " and word not in _NO_NOUN and not word.endswith(("ed", "ing", "ms", "ly")) and not _MEASURES.match(word)


def _id_of(token: str) -> str:
    """The token as an id, or "" if it is a word, a number, a measure or a time."""
    if len(token) < 4 or token.isalpha() or token.isdigit():
        return ""
    if DIGITS.isdisjoint(token):
        return token if _CODE.match(token) else ""
    if _DURATION.match(token) or _DATE.match(token) or _THREAD.search(token):
        return ""
    bare = token.replace("-", "")
    return bare.lower() if len(bare) >= 16 and _HEX.issuperset(bare) else token


def _tokens(text: str) -> list[str]:
    """Runs of letters, digits, `_` and `-` that begin with a letter or digit; words of four letters and more may be left out."""
    if not text.isascii():
        return _TOKEN.findall(text)
    words = [word for word in text.encode().translate(_APART).decode().split() if len(word) > 3 and not word.isalpha()]
    if not words or max(map(len, words)) > 100:
        return _TOKEN.findall(text)
    return [word.lstrip("_-") for word in words]
