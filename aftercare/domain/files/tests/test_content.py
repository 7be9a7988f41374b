"""What a file is, what is kept of it, and under which name. No database."""

import io

import pytest
from PIL import Image

from aftercare.domain.files import actions, rules
from aftercare.domain.files.tests import pictures as made
from aftercare.foundation import filetypes
from aftercare.foundation.refusals import RuleBroken


@pytest.mark.parametrize(
    "data, found",
    [
        (made.jpeg(), filetypes.JPEG), (made.png(), filetypes.PNG), (made.PDF, filetypes.PDF),
        (made.office("xl/workbook.xml"), filetypes.XLSX), (made.office("word/document.xml"), filetypes.DOCX),
        ("故障记录".encode(), filetypes.TEXT), ("故障记录".encode("gb18030"), filetypes.TEXT),
        (made.office("xl/workbook.xml", "xl/vbaProject.bin"), None), (made.office("other.xml"), None),
        (b"<!DOCTYPE html><script>", None), (b"\xef\xbb\xbf <svg xmlns='x'>", None), (b"<?xml version='1.0'?>", None),
        (b"MZ\x90\x00", None), (b"PK\x03\x04 torn", None), (b"", None), (b"GIF89a\x00", None),
    ],
)  # fmt: skip
def test_the_type_is_told_by_the_content(data, found):
    assert filetypes.find_type(data) is found


def test_a_photograph_is_turned_upright_and_loses_what_the_camera_wrote():
    given = made.jpeg(60, 40, turned=True)
    assert b"SECRET-MAKER" in given
    kept = actions.prepare(name="C:\\照片\\铭牌.JPEG", data=given)
    assert (kept.width, kept.height, kept.name, kept.media_type) == (40, 60, "铭牌.jpg", "image/jpeg")
    assert b"SECRET-MAKER" not in kept.data + kept.thumb and b"Exif" not in kept.data
    assert not Image.open(io.BytesIO(kept.data)).getexif()


def test_large_pictures_are_made_smaller_and_clear_ones_stay_clear():
    kept = actions.prepare(name="a.jpg", data=made.jpeg(4000, 1000))
    assert (kept.width, kept.height) == (2560, 640)
    assert max(Image.open(io.BytesIO(kept.thumb)).size) <= 360
    clear = actions.prepare(name="a.png", data=made.png())
    assert clear.media_type == "image/png" and Image.open(io.BytesIO(clear.data)).mode == "RGBA"
    assert actions.prepare(name="a.png", data=made.png("L")).name == "a.jpg"


@pytest.mark.parametrize("data", [made.jpeg()[:60], b"\x89PNG\r\n\x1a\n" + b"x" * 50])
def test_a_torn_picture_is_refused(data):
    with pytest.raises(RuleBroken) as refused:
        actions.prepare(name="a.jpg", data=data)
    assert refused.value.code == "picture_unreadable"


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("aftercare.foundation.pictures.MAX_PIXELS", 100)
    with pytest.raises(RuleBroken) as refused:
        actions.prepare(name="a.jpg", data=made.jpeg())
    assert refused.value.code == "picture_unreadable"


@pytest.mark.parametrize(
    "data, code", [(b"", "file_empty"), (b"<html>", "file_type_refused"), (b"a" * (rules.MAX_BYTES + 1), "file_too_large")]
)
def test_what_is_not_wanted_is_refused_with_its_code(data, code):
    with pytest.raises(RuleBroken) as refused:
        actions.prepare(name="a.txt", data=data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "given, ending, shown",
    [
        ("../../etc/passwd", ".txt", "passwd.txt"), ("发票.pdf.exe", ".pdf", "发票.pdf.pdf"), ("", ".jpg", "file.jpg"),
        ("a\u202egpj.exe", ".pdf", "agpj.pdf"), ("x" * 300 + ".jpg", ".jpg", "x" * 116 + ".jpg"), ("照片.jpeg", ".jpg", "照片.jpg"),
        ('"; filename=b\r\n.pdf', ".pdf", "; filename=b.pdf"),
    ],
)  # fmt: skip
def test_names_lead_nowhere(given, ending, shown):
    assert rules.cleaned_name(given, ending) == shown


def test_limits_have_their_codes():
    free = rules.MIN_FREE + 100
    assert rules.what_forbids(size=10, there=0, limit=2, free=free) is None
    assert rules.what_forbids(size=0, there=0, limit=2, free=free) == "file_empty"
    assert rules.what_forbids(size=10, there=2, limit=2, free=free) == "too_many_files"
    assert rules.what_forbids(size=101, there=0, limit=2, free=free) == "disk_full"
    assert rules.what_forbids(size=rules.MAX_BYTES + 1, there=0, limit=2, free=10**12) == "file_too_large"
