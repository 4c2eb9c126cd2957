"""A published guide under load: ours, the same page in Wagtail 8, the same words put together by a plain Django view,
and the least that Django and WSGI can answer at all. Then what editing, publishing and searching take.

All are served by granian with two workers on loopback, and asked by eight connections from this process, which shares
the machine's cores with them and can ask only so much. So `ratios` compare the processor's time of the servers for each
answer, and of the two editors for each form; `rates` the answers in a second. Above 1 is in our favor; `of_bare_wsgi`
is the part that we reach of an application that does nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.frame import ROOT, interleaved, peer
from benchmarks.served import body, etag, figures, first_visit_bytes, serve
from runner.supervise import Supervisor
from tools.services import free_port

GRANIAN = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2", "--blocking-threads", "4"]
PEERS = ROOT / "benchmarks" / "peers"
# Each by the peer whose environment it runs in, the application that answers, and the path that is asked.
OTHERS = {
    "wagtail": ("wagtail", "guide_site:application", "/"),
    "template_view": ("template_view", "guide_site:application", "/guide/"),
    "bare_django": ("template_view", "bare_site:bare_django", "/hello/"),
    "bare_wsgi": ("template_view", "bare_site:bare_wsgi", "/"),
}
PAIRS = {"vs_wagtail": "wagtail", "vs_bare_django": "bare_django", "of_bare_wsgi": "bare_wsgi"}


def run(rounds: int) -> dict[str, Any]:
    """Figures by subject, `ratios` and `rates`; the sizes and times of the rest by their names."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as work:
        return _measured(Path(work), rounds)


def _measured(work: Path, rounds: int) -> dict[str, Any]:
    port = free_port()
    environment = {**os.environ, "WAYMARK_DATA": str(work / "data"), "WAYMARK_BASE_URL": f"http://127.0.0.1:{port}"}
    environment |= {"GUIDE_ROWS": str(work / "rows.json"), "GUIDE_BLOCKS": str(work / "blocks.json")}
    environment["GUIDE_DATABASES"] = str(work)
    _python("-m", "runner.stack", "--prepare", "--port", str(port), "--data", str(work / "data"), env=environment)
    _python("-m", "benchmarks.editing", "--blocks", environment["GUIDE_BLOCKS"], env=environment)
    supervisor = Supervisor(work / "logs", environment, ROOT)
    try:
        granian = str(Path(sys.executable).parent / "granian")
        pid = serve(supervisor, "waymark", [granian, *GRANIAN, "--port", str(port), "config.wsgi:application"], port)
        path = _guide(port)
        _give_rows(work / "rows.json", port, path)
        weight = first_visit_bytes(port, path)
        for name in ("wagtail", "template_view"):
            _python(str(PEERS / name / "guide_site.py"), "prepare", env=environment, python=peer(name))
        others = {name: _started(supervisor, name) for name in OTHERS}
        served = interleaved(
            {
                "waymark": lambda: figures(pid, port, path),
                "waymark_brotli": lambda: figures(pid, port, path, "Accept-Encoding: br\r\n"),
                "waymark_304": lambda: figures(pid, port, path, f"If-None-Match: {etag(port, path)}\r\n"),
                **{name: _asked(*at) for name, at in others.items()},
            },
            rounds,
        )
    finally:
        supervisor.stop()
    return {**served, "first_visit_bytes": weight, **_compared(served, environment)}


def _started(supervisor: Supervisor, name: str) -> tuple[int, int, str]:
    """Start a peer, and return its process, port and path."""
    home, application, path = OTHERS[name]
    port, granian = free_port(), str(peer(home).parent / "granian")
    command = [granian, *GRANIAN, "--port", str(port), "--working-dir", str(PEERS / home), application]
    return serve(supervisor, name, command, port), port, path


def _asked(pid: int, port: int, path: str) -> Any:
    return lambda: figures(pid, port, path)


def _compared(served: Mapping[str, Mapping[str, float]], environment: Mapping[str, str]) -> dict[str, Any]:
    """The ratios, and what each program beside the servers says by itself: the form, publishing and the search."""
    ours = served["waymark"]
    ratios = {name: round(served[other]["cpu_ms"] / ours["cpu_ms"], 2) for name, other in PAIRS.items()}
    rates = {name: round(ours["requests_per_s"] / served[other]["requests_per_s"], 2) for name, other in PAIRS.items()}
    form = _said("-m", "benchmarks.editing", env=environment)
    site = str(PEERS / "wagtail" / "guide_site.py")
    theirs = _said(site, "form", env=environment, python=peer("wagtail"))
    ratios["form_vs_wagtail"] = round(theirs["form_cpu_ms"] / form["change_form_60_blocks_cpu_ms"], 2)
    rates["form_vs_wagtail"] = round(theirs["form_ms"] / form["change_form_60_blocks_ms"], 2)
    rest = [_said("-m", f"benchmarks.{name}", env=environment) for name in ("publishing", "searching")]
    return {"ratios": ratios, "rates": rates, "wagtail_form": theirs, **form, **rest[0], **rest[1]}


def _said(*arguments: str, env: Mapping[str, str], python: Path = Path(sys.executable)) -> dict[str, float]:
    """The figures that a program prints as JSON in its last line."""
    told: dict[str, float] = json.loads(_python(*arguments, env=env, python=python).splitlines()[-1])
    return told


def _python(*arguments: str, env: Mapping[str, str], python: Path = Path(sys.executable)) -> str:
    return subprocess.run([python, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def _guide(port: int) -> str:
    """The path of the longest guide that is listed."""
    paths: list[str] = sorted(set(re.findall(r'href="(/guides/[a-z0-9-]+/)"', body(port, "/guides/"))))
    return max(paths, key=lambda path: len(body(port, path)))


def _give_rows(file: Path, port: int, path: str) -> None:
    """Our page in pieces, so that the peers send the same bytes."""
    file.write_text(json.dumps(re.split(r"\n(?=\s*<(?:section|h2|h3|p|ul|ol|table))", body(port, path))))
