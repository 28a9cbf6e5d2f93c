"""Is the service found in an instance's name?"""

from __future__ import annotations

import pytest

from callcheck.sources.logs.instances import instance_of, of_services, service_of


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


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("api-0.log", "api-0"),
        ("logs/api_1.log.gz", "api_1"),
        ("cart-api-6f7c9d85b-x2k4q.log", "cart-api-6f7c9d85b-x2k4q"),
        ("pods/shop_cart-api-6f7c9d85b-x2k4q_3f0ce1ab-0000-4000-8000-1234567890ab/app/0.log", "cart-api-6f7c9d85b-x2k4q"),
        ("pods/shop_cart-api-6f7c9d85b-x2k4q_8f1c/app/0.log", "cart-api-6f7c9d85b-x2k4q"),
        ("LogFiles/2020_05_30_RD0003FF61AF6B_default_docker.log", "RD0003FF61AF6B"),
        ("2020_05_30_lw1sdlwk0006K4_docker.log", "lw1sdlwk0006K4"),
        ("api-error-0.log", "api-0"),
        ("app.log", ""),
        ("app.log.1", ""),
        ("app1.log", ""),
        ("app-2025-01-31.log", ""),
        ("app-20250131.log", ""),
        ("error.log", ""),
    ],
)
def test_a_file_names_an_instance_only_where_each_has_its_own(path: str, instance: str) -> None:
    assert instance_of(path) == instance


@pytest.mark.parametrize(
    ("names", "several"),
    [
        (("letter-writer-5b-p4d7s", "recall-planner-66-j8w3q"), True), (("letter-writer-5b-p4d7s", "letter-writer-66-j8w3q"), False), (("ip-10-0-0-1", "ip-10-0-0-2"), False),
        (("alpha", "beta"), False), (("order-api-1", "order-mail-1"), False), (("web-blue-1",), False), (("mail-sender-1", "stock-keeper-2", "mail-sender-2"), True),
    ],
)  # fmt: skip
def test_instances_of_several_services_are_told_by_two_words_of_their_names(names: tuple[str, ...], several: bool) -> None:
    assert of_services(names) is several
