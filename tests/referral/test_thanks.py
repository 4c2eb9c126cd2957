"""A thank-you wakes nobody; whatever says more does."""

from __future__ import annotations

import pytest

from referral.thanks import is_only_thanks


@pytest.mark.parametrize(
    "text", ["Thank you so much!", "thanks", "Ok, thank you 🙏", "Muchas gracias por todo.", "¡Gracias!"]
)
def test_a_mere_thank_you_is_known(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Thank you, can you call me?",
        "Thanks but he left the program",
        "Gracias, pero no me llamaron",
        "No thanks",
        "I cannot thank you, I need help",
        "thank you " * 20,
    ],
)
def test_anything_more_is_not_a_mere_thank_you(text: str) -> None:
    assert not is_only_thanks(text)
