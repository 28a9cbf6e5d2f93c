"""Is the service found in an instance's name?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.instances import service_of


@pytest.mark.parametrize(
    ("instance", "service"),
    [
        ("cart-api-6f7c9d85b-x2k4q", "cart-api"),
        ("fulfil-staging-5f7d8c9b6-x9k2m", "fulfil-staging"),
        ("agent-x2k4q", "agent"),
        ("cart-api", "cart-api"),
        ("2|orders-api", "orders-api"),
        ("web.1", "web"),
        ("worker-12/7", "worker"),
        ("web_2", "web"),
        ("db", "db"),
    ],
)
def test_the_service_is_the_name_without_what_counts_instances(instance: str, service: str) -> None:
    assert service_of(instance) == service
