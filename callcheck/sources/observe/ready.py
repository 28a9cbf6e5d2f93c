"""Does an app answer yet?"""

from __future__ import annotations

import httpx

from callcheck.model.errors import UsageError
from callcheck.model.printable import clean


def answers(url: str, timeout_s: float = 2.0) -> bool:
    """Whether a GET of the URL is answered, with whatever status. Raises UsageError for what is no URL."""
    try:
        with httpx.stream("GET", url, timeout=timeout_s, trust_env=False, follow_redirects=False):
            return True
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise UsageError(f"--ready {clean(url, 120)} is no URL", "http://127.0.0.1:3000/health") from None
    except httpx.HTTPError:
        return False
