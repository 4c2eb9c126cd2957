"""A server under load, and what a browser fetches of a page: the parts of a benchmark over HTTP."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from benchmarks.frame import cpu_seconds
from benchmarks.load import load
from runner.supervise import Part, Supervisor

SECONDS = 4.0


def serve(supervisor: Supervisor, name: str, command: Sequence[str], port: int) -> int:
    """Start a server, wait until it answers, and return its process."""
    supervisor.start(Part(name, command, lambda: _answers(port)))
    supervisor.wait_until_ready(60, lambda _name: None)
    return supervisor.running[-1].process.pid


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def figures(pid: int, port: int, path: str, headers: str = "") -> Mapping[str, float]:
    """What a server gives in `SECONDS` of eight connections: requests_per_s, cpu_ms (per request), p50_ms, p99_ms,
    body_bytes. Raises RuntimeError where it answers with anything but what was asked for."""
    load(port, path, seconds=0.5, headers=headers)
    before, begun = cpu_seconds(pid), time.perf_counter()
    result = load(port, path, seconds=SECONDS, headers=headers)
    used, taken = cpu_seconds(pid) - before, time.perf_counter() - begun
    expected = 304 if "If-None-Match" in headers else 200
    if set(result.statuses) != {expected}:
        raise RuntimeError(f"{path} answered {result.statuses}, not only {expected}")
    return {
        "requests_per_s": round(result.answers / taken, 1),
        "cpu_ms": round(1000 * used / result.answers, 4),
        "p50_ms": round(1000 * result.percentile(0.5), 3),
        "p99_ms": round(1000 * result.percentile(0.99), 3),
        "body_bytes": result.body_bytes / result.answers,
    }


def body(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def etag(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.headers["ETag"])


def first_visit_bytes(port: int, path: str) -> int:
    """The bodies of a page and of all that it loads from here, as they are sent to a browser that takes brotli."""
    page = body(port, path)
    loaded = set(re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="(/static/[^"#?]+)', page))
    for sheet in [one for one in loaded if one.endswith(".css")]:
        folder = sheet.rpartition("/")[0]
        loaded |= {_joined(folder, url) for url in re.findall(r'url\("?(?!data:)([^")#?]+)', body(port, sheet))}
    return sum(_sent(port, one) for one in (path, *loaded))


def _joined(folder: str, url: str) -> str:
    return urljoin(f"{folder}/", url)


def _sent(port: int, path: str) -> int:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(asked) as answer:
        return len(answer.read())
