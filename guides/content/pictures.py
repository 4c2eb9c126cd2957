"""Uploaded pictures: what is taken, and what is made of it. Needs Pillow, not Django.

A picture is decoded once and written anew, so nothing that came inside its file (place, camera, programs, a second file
behind the first) is ever served. Its pixels are counted before anything is decoded.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MOST_PIXELS = 60_000_000
TAKEN = ("JPEG", "PNG", "WEBP", "AVIF")
# The longest side of what is kept, and the widths that are served; phones ask for the first two.
LONGEST = 2400
WIDTHS = (400, 800, 1400)
SAVED: dict[str, tuple[str, dict[str, int]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 8}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
}
MASTER: dict[str, dict[str, int]] = {"jpg": {"quality": 92, "progressive": True}, "png": {"optimize": True}}
_drawing = re.compile(rb"<svg[\s>]|<!DOCTYPE svg", re.IGNORECASE)


class BadPicture(Exception):
    """`reason` is ``svg``, ``heic``, ``kind``, ``pixels`` (with how many in `count`) or ``damaged``."""

    def __init__(self, reason: str, count: int = 0):
        self.reason, self.count = reason, count
        super().__init__(reason)


@dataclass(frozen=True)
class Picture:
    """What is kept: the picture as it is served at its largest, written anew. `suffix` is ``jpg``, or ``png`` where
    parts of it are clear."""

    data: bytes
    suffix: str
    width: int
    height: int


def read_picture(file: BinaryIO) -> Picture:
    """Return an uploaded file as the picture that is kept. Raises `BadPicture`."""
    with _opened(file) as image:
        try:
            upright = _upright(image)
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise BadPicture("damaged") from error
    upright.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    suffix = "png" if upright.mode == "RGBA" else "jpg"
    return Picture(_written(upright, SAVED[suffix][0], **MASTER[suffix]), suffix, *upright.size)


def check_picture(data: bytes) -> Picture:
    """Return what was kept before, byte for byte, such as from content files. Raises `BadPicture`."""
    with _opened(io.BytesIO(data)) as image:
        suffix = {"JPEG": "jpg", "PNG": "png"}.get(image.format or "")
        if suffix is None or image.getexif() or max(image.size) > LONGEST:
            raise BadPicture("kind")
        width, height = image.size
        try:
            image.load()
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise BadPicture("damaged") from error
    return Picture(data, suffix, width, height)


def renditions(picture: Picture) -> Iterator[tuple[int, str, bytes]]:
    """Yield (width, suffix, bytes) of every size and kind that browsers may choose from."""
    with Image.open(io.BytesIO(picture.data)) as image:
        image.load()
        for width in widths(picture.width):
            height = max(1, round(picture.height * width / picture.width))
            small = image.resize((width, height), Image.Resampling.LANCZOS)
            for suffix in suffixes(picture.suffix):
                kind, options = SAVED[suffix]
                yield width, suffix, _written(small, kind, **options)


def widths(width: int) -> list[int]:
    """Return the widths that a picture of this width is served in; none is wider than it is."""
    return [*(one for one in WIDTHS if one < width), *([width] if width <= WIDTHS[-1] else [])]


def suffixes(suffix: str) -> tuple[str, ...]:
    """Return the kinds that it is served in, the smallest first and what every browser shows last."""
    return ("avif", "webp", suffix)


def _opened(file: BinaryIO) -> Image.Image:
    """Open without decoding, and look at what the file says of itself. Raises `BadPicture`."""
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if _drawing.search(head):
        raise BadPicture("svg")
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc") and b"avif" not in head[:64]:
        raise BadPicture("heic")
    try:
        with warnings.catch_warnings():
            # Pillow warns above its own limit; ours is lower, and counted below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=TAKEN)
    except Image.DecompressionBombError as error:
        raise BadPicture("pixels", 2 * (Image.MAX_IMAGE_PIXELS or MOST_PIXELS)) from error
    except UnidentifiedImageError as error:
        raise BadPicture("kind") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadPicture("damaged") from error
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise BadPicture("pixels", image.width * image.height)
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Decode, turn as the camera says, and bring the colors into those of the web; what else came along is left."""
    image.draft("RGB", (LONGEST, LONGEST))
    profile = image.info.get("icc_profile")
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    turned = ImageOps.exif_transpose(image)
    if profile and not clear and turned.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(turned, source, srgb, outputMode="RGB")
            turned = made or turned
    plain = turned.convert("RGBA" if clear else "RGB")
    # A picture of its own: the file's metadata stays behind with the one that was read.
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh


def _written(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
