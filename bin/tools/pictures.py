"""What bin/screenshots runs: signs in as the demo's staff where a page asks for it, and writes PNG files."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import struct
import sys
import time
import zlib
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import digest
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@dataclass(frozen=True)
class Picture:
    """One page to be pictured: file name, path, whose account (empty for none), width, theme."""

    name: str
    path: str
    who: str = ""
    width: int = 1280
    height: int = 860
    theme: str = "light"


README = (
    Picture("home", "/"),
    Picture("home-phone", "/es/", width=390, height=800),
    Picture("compare", "/compare/iop/residential/"),
    Picture("guide-dark", "/guides/", theme="dark"),
    Picture("assessment", "/assessment/"),
    Picture("programs", "/programs/"),
    Picture("workspace", "/staff/", who="navigator"),
    Picture("admin", "/admin/", who="editor"),
)
PUBLIC = (
    *("/", "/guides/", "/levels/iop/", "/compare/", "/compare/iop/residential/", "/glossary/", "/search/?q=rehab"),
    *("/crisis/", "/assessment/", "/programs/", "/referral/", "/status/", "/about/", "/privacy/", "/nowhere/"),
)
INSIDE = (("navigator", "/staff/"), ("supervisor", "/staff/"), ("editor", "/admin/"), ("publisher", "/admin/"))


def main() -> None:
    options = arguments()
    people = json.loads(options.passwords.read_text()) if options.passwords.exists() else {}
    folder = options.all or ROOT / "docs" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    pictures = list(everything()) if options.all else list(README)
    with sync_playwright() as playwright:
        program = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, "--disable-sync"])
        for picture in pictures:
            target = folder / f"{picture.name}.png"
            with opened(browser, options.system, picture, people) as page:
                page.screenshot(path=target, full_page=bool(options.all))
            print(f"{target.name}  {slim(target) // 1024} KB")
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("system", help="where the system answers, such as http://127.0.0.1:8000")
    parser.add_argument(
        "--passwords", type=Path, default=ROOT / ".data" / "staff.json", help="the file that bin/up names"
    )
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="picture every page into this folder instead")
    options = parser.parse_args()
    if not urlsplit(options.system).netloc:
        parser.error("The first argument is the address that bin/up printed after Ready.")
    options.system = options.system.rstrip("/")
    return options


def everything() -> Iterator[Picture]:
    """Every page at both widths; narrow ones in Spanish and in the dark as well."""
    for path in PUBLIC:
        name = path.strip("/").replace("/", "-").replace("?q=", "-") or "home"
        yield Picture(f"{name}-1280", path)
        yield Picture(f"{name}-1280-dark", path, theme="dark")
        yield Picture(f"{name}-320", path, width=320, height=700)
        yield Picture(f"{name}-320-es", f"/es{path}", width=320, height=700)
    for who, path in INSIDE:
        for width in (1280, 320):
            yield Picture(f"{path.strip('/')}-{who}-{width}", path, who=who, width=width)


@contextmanager
def opened(browser: Browser, system: str, picture: Picture, people: dict[str, dict[str, str]]) -> Iterator[Page]:
    """Open the page of a picture, signed in as its account; a page that fails is said and pictured all the same."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        if picture.who not in people:
            sys.exit(f"The password file has no account {picture.who}: give --passwords the file that bin/up named.")
        sign_in(page, context, system, people[picture.who])
    try:
        response = page.goto(system + picture.path, wait_until="networkidle")
    except Error as error:
        sys.exit(f"{system} does not answer: {error.message.splitlines()[0]}")
    if response and response.status >= 500:
        print(f"{picture.path} answers {response.status}", file=sys.stderr)
    yield page
    context.close()


_sessions: dict[str, list[dict[str, object]]] = {}


def sign_in(page: Page, context: BrowserContext, system: str, person: dict[str, str]) -> None:
    """Sign in with password and second factor once; later pages take the session over, since a code works once."""
    if cookies := _sessions.get(person["email"]):
        context.add_cookies(cookies)  # type: ignore[arg-type]
        return
    page.goto(f"{system}/accounts/login/")
    page.fill("[name=login]", person["email"])
    page.fill("[name=password]", person["password"])
    page.click("main button[type=submit]")
    if page.locator("[name=code]").count():
        page.fill("[name=code]", totp(person["totp_secret"]))
        page.click("main button[type=submit]")
    _sessions[person["email"]] = context.cookies()  # type: ignore[assignment]


def totp(secret: str) -> str:
    """Return the six digits that an authenticator app shows now (RFC 6238)."""
    mac = digest(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def slim(path: Path) -> int:
    """Pack the picture's data again as tightly as zlib can; return its size in bytes."""
    source, kept, data, at = path.read_bytes(), [], b"", 8
    while at < len(source):
        length, kind = struct.unpack(">I4s", source[at : at + 8])
        if kind == b"IDAT":
            data += source[at + 8 : at + 8 + length]
        elif kind in (b"IHDR", b"PLTE", b"tRNS", b"IEND"):
            kept.append((kind, source[at + 8 : at + 8 + length]))
        at += length + 12
    packed = (b"IDAT", zlib.compress(zlib.decompress(data), 9))
    chunks = [*kept[:-1], packed, kept[-1]]
    path.write_bytes(source[:8] + b"".join(chunk(kind, body) for kind, body in chunks))
    return path.stat().st_size


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    main()
