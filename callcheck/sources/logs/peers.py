"""Whom was a call meant for: a model, whoever is to be called back, what the app runs on, or another service?"""

from __future__ import annotations

import re

from callcheck.model.pattern import rare
from callcheck.sources.logs.view import View

ADDRESS = rare(
    r"(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH) ((?:[\w.-]+|[0-9a-f:]+):\d{2,5}|[\w.-]+\.[\w.-]+(?![\w.=-]))"
    r"|https?://(?:[^\s/\"'<>)@]*@)?([^\s/\"'<>)@]+)|host='([\w.-]+)'|Cannot connect to host ([\w.-]+:\d+)|\('([\w.-]+)', (\d+)\)"
    r"|(?:[Cc]onnection to|[Cc]onnecti?(?:ng)? to|dial tcp:?|refused:) (?:lookup )?((?:[\w.-]+/)?(?:[\w.-]+|\[[0-9a-f:]+\]):\d{2,5})\b",
    re.ASCII,
)
MODEL = rare(
    r"openai|anthropic|claude|\bgpt-|bedrock|ollama|litellm|chat/completions|/v1/(?:messages|completions|embeddings|responses|audio|images|rerank|moderations)|\bwhisper|/transcriptions|stable-?diffusion|comfyui|\bvllm|elevenlabs|deepgram|\bllms?\b|mistral|gemini|generativelanguage"
    r"|\bgenai|vertex|huggingface|cohere|\bgroq|deepseek|completion|embedding|\bai_apicall|inference|\bmodel\b|:11434|chatmodel|langchain|autogen|crewai|error code: \d{3} - \{|api error occurred: status \d|overloaded|invoke_?model|converse(?:_?stream|command| operation)",
    re.I,
)
_INFRA = rare(
    r"redis|postgres|\bpg\b|mysql|mariadb|mongo|kafka|rabbit|amqp|\bpika\b|aio_pika|\bbroker\b|nats\b|memcache|\bdb\b|database|:(?:6379|5432|3306|27017|5672|9092|11211|4222|2379)\b|object store|\bs3\b|\bminio"
    r"|sentry|otel|opentelemetry|telemetry|tracer|trac(?:e|ing) |\bspans?\b|collector|exporter|metrics|statsd|datadog|langsmith|smith\.langchain|smtp|mail server|(?<!node:)\bdns\b(?!:\S)|etcd|consul|zookeeper|elastic"
    r"|leader ?election|(?:leader|lock|renew\w*|acquir\w*|los[te]\w*)[ _-](?:the )?lease\b|\blease (?:lock|lost|expired|renew)|carbon|graphite|prometheus|cache\b|virus",
    re.I,
)
_RESET = rare(r"\bECONNRESET\b|\bEPIPE\b|socket hang up|connection reset by peer", re.I)
_QUEUE = rare(r"\b(?:queue|consumer|subscriber)\b", re.I)
"""Whose connection it is that is reset, where a line names no other end: that to the broker."""
CALLBACK = rare(
    r"webhook|callback|\bhooks?\b|\bnotif(?:y|ying|ied|ications?)\b|/receive|deliver|forward|postback|call back|recv|hand(?:ed|ing)? over|result url|subscriber (?:url|endpoint|could|cannot|did|was|is|answer|refus|return|unreachable)|on_complete|\bsend(?:ing)? data to",
    re.I,
)


def peer_of(view: View, told: str) -> str:
    """Whom the failed call was meant for: model, callback, infrastructure or service."""
    if told == "service":
        return told
    if told == "infrastructure" or not told and view.says(_INFRA, 700):
        return "infrastructure"
    called, model = view.find(CALLBACK, 700), view.find(MODEL, 700)
    if called and not (told == "model" or model and model.start() < called.start()):
        return "callback"
    if told or model:
        return told or "model"
    if view.full_says(MODEL):
        return "model"
    of_the_queue = view.says(_RESET, 700) and view.says(_QUEUE, 700) and not view.says(ADDRESS, 700)
    return "infrastructure" if of_the_queue or view.full_says(_INFRA, 3000) else "service"
