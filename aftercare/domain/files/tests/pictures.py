"""Small files for tests, made on the spot."""

import io
import zipfile

from PIL import Image


def jpeg(width: int = 60, height: int = 40, *, turned: bool = False, colour: str = "#7a8") -> bytes:
    """A photograph; `turned` as a camera held upright writes it, with its maker and a comment in it."""
    picture = Image.new("RGB", (width, height), colour)
    exif = picture.getexif()
    if turned:
        exif[274], exif[0x010F] = 6, "SECRET-MAKER"
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def png(mode: str = "RGBA") -> bytes:
    """A picture with transparent parts."""
    target = io.BytesIO()
    Image.new(mode, (30, 20), (0, 0, 0, 0) if mode == "RGBA" else 0).save(target, "PNG")
    return target.getvalue()


def office(*names: str) -> bytes:
    """A zip with these entries, as spreadsheets and letters are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return target.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
