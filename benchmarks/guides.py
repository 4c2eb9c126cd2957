"""A published guide under load: ours, and the same words put together by a plain Django view at each request.

Both are served by granian with two workers on loopback, and asked by eight connections from this process, which shares
the machine's cores with them. So the CPU time of the server per request says more than requests per second.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.frame import ROOT, cpu_seconds, interleaved, peer
from benchmarks.load import load
from runner.supervise import Part, Supervisor
from tools.services import free_port

SECONDS = 4.0
GRANIAN = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2", "--blocking-threads", "4"]


def run(rounds: int) -> dict[str, dict[str, float]]:
    """Figures by subject; of serving requests_per_s, cpu_ms (per request), p50_ms, p99_ms, body_bytes."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as work:
        return _measured(Path(work), rounds)


def _measured(work: Path, rounds: int) -> dict[str, dict[str, float]]:
    ours, theirs = free_port(), free_port()
    environment = {**os.environ, "WAYMARK_DATA": str(work / "data"), "WAYMARK_BASE_URL": f"http://127.0.0.1:{ours}"}
    environment |= {"GUIDE_DATABASE": str(work / "peer.sqlite3"), "GUIDE_ROWS": str(work / "rows.json")}
    stack = [sys.executable, "-m", "runner.stack", "--prepare", "--port", str(ours), "--data", str(work / "data")]
    subprocess.run(stack, cwd=ROOT, check=True, stdout=sys.stderr)
    supervisor = Supervisor(work / "logs", environment, ROOT)
    try:
        granian = str(Path(sys.executable).parent / "granian")
        pid = _serve(supervisor, "waymark", [granian, *GRANIAN, "--port", str(ours), "config.wsgi:application"], ours)
        path = _guide(ours)
        _give_rows(work / "rows.json", ours, path)
        python = peer("template_view")
        site = ROOT / "benchmarks" / "peers" / "template_view" / "guide_site.py"
        subprocess.run([python, site], env=environment, check=True)
        command = [str(python.parent / "granian"), *GRANIAN, "--port", str(theirs), "--working-dir", str(site.parent)]
        other = _serve(supervisor, "template_view", [*command, "guide_site:application"], theirs)
        form = {**_said("benchmarks.editing", environment), **_said("benchmarks.searching", environment)}
        return interleaved(
            {
                "waymark_form": lambda: form,
                "waymark": lambda: _figures(pid, ours, path),
                "waymark_brotli": lambda: _figures(pid, ours, path, "Accept-Encoding: br\r\n"),
                "waymark_304": lambda: _figures(pid, ours, path, f"If-None-Match: {_etag(ours, path)}\r\n"),
                "template_view": lambda: _figures(other, theirs, "/guide/"),
            },
            rounds,
        )
    finally:
        supervisor.stop()


def _said(module: str, environment: Mapping[str, str]) -> Mapping[str, float]:
    """What a benchmark says that runs by itself: the change form, whose draft no visitor sees, and the search."""
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, check=True, capture_output=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _serve(supervisor: Supervisor, name: str, command: Sequence[str], port: int) -> int:
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


def _guide(port: int) -> str:
    """The path of the longest guide that is listed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/guides/") as answer:
        paths: list[str] = sorted(set(re.findall(r'href="(/guides/[a-z0-9-]+/)"', answer.read().decode())))
    return max(paths, key=lambda path: len(_body(port, path)))


def _body(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def _etag(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.headers["ETag"])


def _give_rows(file: Path, port: int, path: str) -> None:
    """Our page in pieces, so that the peer sends the same bytes."""
    file.write_text(json.dumps(re.split(r"\n(?=\s*<(?:section|h2|h3|p|ul|ol|table))", _body(port, path))))


def _figures(pid: int, port: int, path: str, headers: str = "") -> Mapping[str, float]:
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
