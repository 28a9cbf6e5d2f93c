"""Which model APIs are known, where are they, and what do they list their models for?

Read in their references in November 2026: GET /v1/models of OpenAI, Mistral and Groq (`Authorization: Bearer`), of Anthropic (`x-api-key`),
/v1beta/models of Gemini (`x-goog-api-key`), /openai/models of Azure OpenAI (`api-key`), /api/tags of Ollama; /foundation-models of Bedrock with an
API key of its own (userguide/api-keys-use), and /v1beta1/publishers/google/models of Vertex. Requests that must be signed by AWS, or carry a
token of Google's that lives an hour, are not: without a key of Bedrock's only the way there is tried, and a refusal says that it works.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

_REGION = pattern(r"^[a-z][a-z0-9-]{1,29}$")


@dataclass(frozen=True, slots=True)
class System:
    """One API, as its own clients find it."""

    name: str
    base: str
    """Where it is if nobody says otherwise; "" if somebody must."""
    path: str
    """What the list of models is asked for, behind the base."""
    keys: tuple[str, ...]
    """Variables from which its clients take the key."""
    bases: tuple[str, ...] = ()
    """Variables from which they take the address."""
    header: str = "authorization"
    single: str = ""
    """What one model is asked for, for names that stand for others; "" if there are none."""
    extra: tuple[tuple[str, str], ...] = ()
    signed: bool = False
    """Its clients sign each request, or get a token for it: that a request without a key is refused says nothing of theirs."""
    regions: tuple[str, ...] = ()
    """Variables from which its clients take the region, which goes into `{}` of the base."""

    def at(self, region: str) -> str:
        """Where it is in a region, "" if that is none."""
        if not _REGION.match(region):
            return ""
        return self.base.replace("{}-", "") if region == "global" else self.base.replace("{}", region)

    @property
    def host(self) -> str:
        """Where it is for everybody who says nothing else; "" if somebody must, or a region is part of it."""
        return "" if "{}" in self.base else urlsplit(self.base).hostname or ""

    def home(self, host: str) -> bool:
        """Whether a host is the API's own, in whatever region."""
        own = urlsplit(self.base.replace("{}", "REGION")).hostname or ""
        return bool(own) and re.fullmatch(re.escape(own).replace("region", "[a-z0-9-]{2,30}"), host) is not None


SYSTEMS = (
    System("openai", "https://api.openai.com/v1", "/models", ("OPENAI_API_KEY",), ("OPENAI_BASE_URL", "OPENAI_API_BASE"), single="/models/{}"),
    System("azure", "", "/openai/models?api-version=2024-10-21", ("AZURE_OPENAI_API_KEY",), ("AZURE_OPENAI_ENDPOINT",), "api-key"),
    System(
        "anthropic", "https://api.anthropic.com", "/v1/models?limit=1000", ("ANTHROPIC_API_KEY",), ("ANTHROPIC_BASE_URL",), "x-api-key",
        "/v1/models/{}", (("anthropic-version", "2023-06-01"),),
    ),
    System(
        "gemini", "https://generativelanguage.googleapis.com", "/v1beta/models?pageSize=1000", ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"),
        (), "x-goog-api-key", "/v1beta/models/{}",
    ),
    System("mistral", "https://api.mistral.ai", "/v1/models", ("MISTRAL_API_KEY",), single="/v1/models/{}"),
    System("groq", "https://api.groq.com/openai/v1", "/models", ("GROQ_API_KEY",), single="/models/{}"),
    System("deepseek", "https://api.deepseek.com", "/models", ("DEEPSEEK_API_KEY",)),
    System("xai", "https://api.x.ai/v1", "/models", ("XAI_API_KEY",)),
    System(
        "bedrock", "https://bedrock.{}.amazonaws.com", "/foundation-models", ("AWS_BEARER_TOKEN_BEDROCK",), ("AWS_ENDPOINT_URL_BEDROCK",),
        single="/foundation-models/{}", signed=True, regions=("AWS_REGION", "AWS_DEFAULT_REGION"),
    ),
    System(
        "vertex", "https://{}-aiplatform.googleapis.com", "/v1beta1/publishers/google/models", (), ("GOOGLE_VERTEX_BASE_URL",), "",
        signed=True, regions=("GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_REGION", "CLOUD_ML_REGION"),
    ),
    System("ollama", "http://127.0.0.1:11434", "/api/tags", (), ("OLLAMA_HOST", "OLLAMA_BASE_URL"), ""),
    System("litellm", "", "/models", ("LITELLM_API_KEY", "LITELLM_MASTER_KEY"), ("LITELLM_BASE_URL", "LITELLM_API_BASE", "LITELLM_PROXY_API_BASE")),
    System("vllm", "", "/models", ("VLLM_API_KEY",), ("VLLM_BASE_URL", "VLLM_API_BASE")),
)  # fmt: skip
BY_NAME = {system.name: system for system in SYSTEMS}
