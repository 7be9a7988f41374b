"""Pictures made anew: turned the right way up, without what the camera wrote into them, with a small copy for lists.

Encoding anew drops place, time and device of the camera, and whatever else was hidden behind the picture.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MAX_SIDE = 2560  # pixels; a nameplate stays readable
THUMB_SIDE = 360
MAX_PIXELS = 60_000_000  # more is refused before it is unpacked
_QUALITY = 86


class BadPicture(ValueError):
    """The bytes cannot be read as a picture, or it is larger than `MAX_PIXELS`."""


@dataclass(frozen=True)
class Picture:
    """A picture made anew: `data` as JPEG, or as PNG where it has transparent parts; `thumb` always as JPEG."""

    data: bytes
    media_type: str
    width: int
    height: int
    thumb: bytes


def renew(data: bytes) -> Picture:
    """The picture upright, at most `MAX_SIDE` pixels wide or high, without metadata."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise BadPicture("too many pixels")
                # A camera's picture is several times larger than what is kept: let the decoder shrink it.
                opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except BadPicture:
        raise
    except Exception as error:  # whatever a decoder stumbles over is the same to us
        raise BadPicture(str(error)) from error
    is_clear = "A" in upright.getbands() or "transparency" in upright.info
    kept = upright.convert("RGBA" if is_clear else "RGB")
    kept.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    flat = _on_white(kept) if is_clear else kept
    small = flat.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.BILINEAR)
    encoded = _encode(kept, "PNG") if is_clear else _encode(kept, "JPEG")
    return Picture(encoded, "image/png" if is_clear else "image/jpeg", kept.width, kept.height, _encode(small, "JPEG", 78))


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _encode(picture: Image.Image, form: str, quality: int = _QUALITY) -> bytes:
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    target = io.BytesIO()
    options = {"quality": quality, "progressive": True} if form == "JPEG" else {}
    clean.save(target, form, optimize=True, **options)
    return target.getvalue()
