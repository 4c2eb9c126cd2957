"""What browsers load: npm packages, the heading font, stylesheets, compiled translations, collected static files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tools.environment import PYTHON, REQUIREMENTS, VENV
from tools.say import ROOT
from tools.steps import BUILD, Step, files_in, fingerprint, run

NODE_MODULES = ROOT / "node_modules"
SCSS = ROOT / "static" / "scss"
STATIC = BUILD / "static"
COLLECTED = BUILD / "collected"
STAMPS = BUILD / "stamps"
LOCALE = ROOT / "locale"
FONT = STATIC / "fonts" / "literata.woff2"
FONT_SOURCE = NODE_MODULES / "@fontsource" / "literata" / "files" / "literata-latin-600-normal.woff2"
# What English and Spanish are written with, and the typographic signs of our texts.
FONT_SIGNS = (
    "U+20-7E,U+A0,U+A1,U+A9,U+AB,U+B7,U+BB,U+BF,U+C1,U+C9,U+CD,U+D1,U+D3,U+DA,U+DC,U+E1,U+E9,U+ED,U+F1,U+F3,U+FA,U+FC,"
    "U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026"
)
STYLESHEETS = ("main", "result", "staff", "admin", "look")


def npm_install(folder: Path, *, doing: str) -> None:
    """Install the locked packages of `folder`, running none of their scripts."""
    run(
        [VENV / "bin" / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        doing=doing,
        cwd=folder,
        env=_node_path(),
    )


def npm_is_whole(folder: Path) -> bool:
    """Whether every package that npm says it installed is there."""
    listing = folder / "node_modules" / ".package-lock.json"
    if not listing.is_file():
        return False
    packages = json.loads(listing.read_text())["packages"]
    return all((folder / name / "package.json").is_file() for name in packages)


def npm_step(name: str, folder: Path) -> Step:
    return Step(
        name=name,
        stamp=folder / "node_modules" / ".waymark",
        inputs=lambda: fingerprint([folder / "package.json", folder / "package-lock.json"]),
        whole=lambda: npm_is_whole(folder),
        make=lambda: npm_install(folder, doing=f"{name}: npm"),
    )


def ensure_assets() -> None:
    """Make everything that `manage.py` and browsers need beside the Python packages."""
    npm_step("Stylesheet sources", ROOT).ensure()
    _font().ensure()
    _stylesheets().ensure()
    _translations().ensure()
    _collected().ensure()


def _node_path() -> dict[str, str]:
    # npm starts node by its name.
    return {"PATH": f"{VENV / 'bin'}:/usr/local/bin:/usr/bin:/bin"}


def _font() -> Step:
    return Step(
        name="Heading font",
        stamp=STAMPS / "font",
        inputs=lambda: fingerprint([ROOT / "package-lock.json", Path(__file__)]),
        whole=FONT.is_file,
        make=_subset_font,
    )


def _subset_font() -> None:
    """Keep of the font what our languages need: 22 KB become 14."""
    FONT.parent.mkdir(parents=True, exist_ok=True)
    run(
        [
            PYTHON,
            "-m",
            "fontTools.subset",
            FONT_SOURCE,
            f"--unicodes={FONT_SIGNS}",
            "--layout-features=kern,liga,lnum,locl",
            "--flavor=woff2",
            f"--output-file={FONT}",
        ],
        doing="Making the heading font",
    )


def _sheets() -> list[str]:
    return [name for name in STYLESHEETS if (SCSS / f"{name}.scss").is_file()]


def _stylesheets() -> Step:
    return Step(
        name="Stylesheets",
        stamp=STAMPS / "stylesheets",
        inputs=lambda: fingerprint([*files_in(SCSS), ROOT / "package-lock.json"]),
        whole=lambda: all((STATIC / "css" / f"{name}.css").is_file() for name in _sheets()),
        make=_compile_stylesheets,
    )


def _compile_stylesheets() -> None:
    shutil.rmtree(STATIC / "css", ignore_errors=True)
    pairs = [f"{SCSS / name}.scss:{STATIC / 'css' / name}.css" for name in _sheets()]
    options = ["--quiet", "--no-source-map", "--style=compressed", f"--load-path={NODE_MODULES}"]
    run(
        [VENV / "bin" / "node", NODE_MODULES / "sass" / "sass.js", *options, *pairs],
        doing="Compiling the stylesheets",
        env=_node_path(),
    )


def _translations() -> Step:
    sources = files_in(LOCALE, "*/LC_MESSAGES/*.po")
    return Step(
        name="Translations",
        stamp=STAMPS / "translations",
        inputs=lambda: fingerprint(sources),
        whole=lambda: all(source.with_suffix(".mo").is_file() for source in sources),
        make=_compile_translations,
    )


def _compile_translations() -> None:
    for source in files_in(LOCALE, "*/LC_MESSAGES/*.po"):
        run(
            [VENV / "bin" / "pybabel", "-q", "compile", "-i", source, "-o", source.with_suffix(".mo")],
            doing="Compiling the translations",
        )


def _collected() -> Step:
    sources = [
        *files_in(ROOT / "static"),
        *files_in(STATIC),
        REQUIREMENTS / "base.txt",
        ROOT / "config" / "settings.py",
    ]
    return Step(
        name="Static files",
        stamp=STAMPS / "collected",
        inputs=lambda: fingerprint([*sources, *files_in(STATIC)]),
        whole=_collected_is_whole,
        make=_collect,
    )


def _collected_is_whole() -> bool:
    manifest = BUILD / "staticfiles.json"
    if not manifest.is_file():
        return False
    return all((COLLECTED / name).is_file() for name in json.loads(manifest.read_text())["paths"].values())


def _collect() -> None:
    STATIC.mkdir(parents=True, exist_ok=True)
    run(
        [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v", "0"],
        doing="Collecting the static files",
        env={"WAYMARK_DATA": str(BUILD / "settings")},
    )
