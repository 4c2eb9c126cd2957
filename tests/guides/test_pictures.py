"""A picture is written anew before it is kept; what is none, or too much, is refused before it is decoded."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from guides.content.pictures import BadPicture, check_picture, read_picture, renditions, widths
from guides.content.takeaways import MOST_BYTES, BadTakeaway, check_takeaway
from tests.guides.conftest import PDF, PICTURE, picture_bytes


def refused(data: bytes) -> BadPicture:
    with pytest.raises(BadPicture) as raised:
        read_picture(io.BytesIO(data))
    return raised.value


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that claim to be a very large picture, as a decompression bomb does."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_place_and_camera_are_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    raw = picture_bytes(exif=exif, comment=b"made at home")
    assert b"Secret camera" in raw
    picture = read_picture(io.BytesIO(raw + b"PK\x03\x04 a second file behind the first"))
    assert (picture.width, picture.height) == (40, 60)
    assert not any(words in picture.data for words in (b"Secret camera", b"Exif", b"second file", b"made at home"))
    for _width, _suffix, data in renditions(picture):
        with Image.open(io.BytesIO(data)) as small:
            assert not small.getexif() and "icc_profile" not in small.info


def test_every_width_comes_in_three_kinds_and_none_is_larger() -> None:
    picture = read_picture(io.BytesIO(picture_bytes(size=(900, 600))))
    made = {(width, suffix) for width, suffix, _data in renditions(picture)}
    assert made == {(width, suffix) for width in (400, 800, 900) for suffix in ("avif", "webp", "jpg")}
    assert widths(60) == [60] and widths(2400) == [400, 800, 1400]


def test_clear_parts_stay_clear() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    picture = read_picture(io.BytesIO(out.getvalue()))
    assert picture.suffix == "png"
    assert {suffix for _width, suffix, _data in renditions(picture)} == {"avif", "webp", "png"}


def test_more_than_sixty_million_pixels_are_refused_undecoded() -> None:
    bad = refused(png_that_says(10_000, 6_001))
    assert (bad.reason, bad.count) == ("pixels", 60_010_000)
    assert refused(png_that_says(60_000, 60_000)).reason == "pixels"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "svg"),
        (b"PK\x03\x04" + b"\0" * 60, "kind"),
        (b"", "kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (
            b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
            "kind",
        ),
        (picture_bytes(size=(400, 400))[:900], "damaged"),
    ],
    ids=["svg", "zip", "empty", "heic", "gif", "cut off"],
)
def test_what_is_no_picture_is_refused_by_what_it_holds(data: bytes, reason: str) -> None:
    assert refused(data).reason == reason


def test_a_zip_named_as_a_picture_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inside.txt", "words")
    assert refused(out.getvalue()).reason == "kind"


def test_a_kept_picture_is_taken_back_byte_for_byte() -> None:
    assert check_picture(PICTURE).data == PICTURE
    with pytest.raises(BadPicture):
        check_picture(picture_bytes("WEBP"))
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    with pytest.raises(BadPicture):
        check_picture(picture_bytes(exif=exif))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "kind"),
        (PDF[:-4], "damaged"),
        (PDF.replace(b"/Type", b"/OpenAction <</S /JavaScript /JS (x)>> /Type"), "active"),
        (PDF + b" " * MOST_BYTES, "size"),
    ],
)
def test_only_a_whole_pdf_that_runs_nothing_is_taken(data: bytes, reason: str) -> None:
    with pytest.raises(BadTakeaway) as raised:
        check_takeaway(data)
    assert raised.value.reason == reason
    assert check_takeaway(PDF) == PDF
