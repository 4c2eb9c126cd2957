"""Prometheus' text format. Plain Python.

An app offers metrics as a function without arguments that returns families; its path stands in ``settings.METRICS``.
No label may hold anything about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# name, kind ("counter" or "gauge"), help, and one (labels, value) per sample
Family = tuple[str, str, str, Iterable[tuple[Mapping[str, str], float]]]


# One press of a family changes these: whoever may read them finds out whom we wrote to, or who said stop. Without the
# token the first are left out, and the others are told in steps.
ONLY_WITH_TOKEN = frozenset({"waymark_attempts_24h", "waymark_suppressions"})
STEPS = {"waymark_messages_due": 10, "waymark_messages_open": 10, "waymark_messages_lag_seconds": 60}


def coarse(families: Iterable[Family]) -> list[Family]:
    """What may be told without the token."""
    return [
        (name, kind, text, [(labels, value - value % STEPS.get(name, 1)) for labels, value in samples])
        for name, kind, text, samples in families
        if name not in ONLY_WITH_TOKEN
    ]


def as_text(families: Iterable[Family]) -> str:
    """The families as one page of text."""
    lines: list[str] = []
    for name, kind, help_text, samples in families:
        lines += [f"# HELP {name} {_escaped(help_text)}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_quoted(value)}"' for name, value in sorted(labels.items()))
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', r"\"")
