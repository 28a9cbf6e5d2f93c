"""Which model APIs are known, where are they, and what do they list their models for?

Read in their references in November 2026: GET /v1/models of OpenAI, Mistral and Groq (`Authorization: Bearer`), of Anthropic (`x-api-key`),
/v1beta/models of Gemini (`x-goog-api-key`), /openai/models of Azure OpenAI (`api-key`), /api/tags of Ollama.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass


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
    System("ollama", "http://127.0.0.1:11434", "/api/tags", (), ("OLLAMA_HOST", "OLLAMA_BASE_URL"), ""),
    System("litellm", "", "/models", ("LITELLM_API_KEY", "LITELLM_MASTER_KEY"), ("LITELLM_BASE_URL", "LITELLM_API_BASE", "LITELLM_PROXY_API_BASE")),
    System("vllm", "", "/models", ("VLLM_API_KEY",), ("VLLM_BASE_URL", "VLLM_API_BASE")),
)  # fmt: skip
BY_NAME = {system.name: system for system in SYSTEMS}
