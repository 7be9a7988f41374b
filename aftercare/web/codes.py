"""Code 128 and QR codes as plain SVG, for labels and print sheets."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from aftercare.web.markup import format_html

# Widths of bar, space, bar, space, bar, space for the values 0 to 105, then the stop sign.
PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()
CODE_B, CODE_C, START_B, START_C, STOP = 100, 99, 104, 105, 106


def calculate_code128(text):
    """The values of a Code 128 symbol with start, checksum and stop; pairs of digits are packed.

    Raises ValueError for a character outside printable ASCII.
    """
    if not text or any(not 32 <= ord(char) <= 126 for char in text):
        raise ValueError("Code 128 takes printable ASCII only")
    values, packed, i = [], None, 0
    while i < len(text):
        digits = 0
        while i + digits < len(text) and text[i + digits].isdigit():
            digits += 1
        # Switching sets costs a sign, so packing pays from four digits on.
        want_packed = digits >= 2 if packed else digits >= 4 or (digits == len(text) and digits % 2 == 0)
        if want_packed != packed:
            start, switch = (START_C, CODE_C) if want_packed else (START_B, CODE_B)
            values.append(start if packed is None else switch)
            packed = want_packed
        if packed:
            values.append(int(text[i : i + 2]))
            i += 2
        else:
            values.append(ord(text[i]) - 32)
            i += 1
    checksum = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    return [*values, checksum, STOP]


def draw_code128(text):
    """A Code 128 barcode as SVG with quiet zones of ten modules; empty for text that cannot be coded."""
    try:
        values = calculate_code128(str(text))
    except ValueError:
        return ""
    x, path = 10, []
    for value in values:
        for place, width in enumerate(PATTERNS[value]):
            if place % 2 == 0:
                path.append(f"M{x} 0h{width}v40h-{width}z")
            x += int(width)
    return format_html(
        '<svg class="barcode" viewBox="0 0 {} 40" preserveAspectRatio="none" shape-rendering="crispEdges"'
        ' role="img" aria-label="{}">'
        '<path d="{}"/></svg>',
        x + 10,
        _("条码 %(text)s") % {"text": text},
        mark_safe("".join(path)),
    )


def draw_qr(text):
    """A QR code as one SVG path with error correction M and a quiet zone of two modules."""
    import qrcode  # with the first label: it brings a library for pictures along

    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(str(text))
    code.make(fit=True)
    matrix, path = code.get_matrix(), []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                path.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run or 1
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" role="img" aria-label="{1}"><path d="{2}"/></svg>',
        len(matrix),
        _("二维码 %(text)s") % {"text": text},
        mark_safe("".join(path)),
    )
