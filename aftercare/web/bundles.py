"""One stylesheet and one script for the browser, joined from readable files.

The files under ``static/aftercare`` are kept one component each; a page loads them as
``/bundles/<hash>/app.css`` and ``/bundles/<hash>/app.js``. The hash names the content, so a
browser may keep the answer for a year. There is no build step: joining happens once per
process, and again in DEBUG whenever a file changes.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

ROOT = Path(__file__).parent / "static" / "aftercare"

# Order matters: later layers may override earlier ones of equal weight.
LAYERS = {
    "app.css": (
        "css/tokens.css",
        "css/base.css",
        "css/shell.css",
        "css/components/*.css",
        "css/pages/*.css",
        "css/print.css",
    ),
    # Loaded by printed papers only.
    "paper.css": ("css/paper/*.css",),
    "app.js": ("js/core.js", "js/parts/*.js"),
    "theme.js": ("js/theme.js",),
    # Loaded only by the board, and by pages with file tiles.
    "board.js": ("js/board/board.js",),
    "files.js": ("js/files/files.js",),
    # Loaded only where one works with a scanner: the sound, and the pages of the scanner themselves.
    "sound.js": ("js/sound/*.js",),
    "scanning.js": ("js/scanning/*.js",),
    "scanning.css": ("css/scanning/*.css",),
}
CONTENT_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Asset:
    """A joined file as bytes, its gzip twin, and the hash that names both."""

    name: str
    body: bytes
    packed: bytes
    hash: str

    @property
    def content_type(self):
        """The media type to answer with."""
        return CONTENT_TYPES[self.name.rpartition(".")[2]]


_built: dict[str, tuple[float, Asset]] = {}


def find_files(name):
    """The source files of an asset in the order in which they are joined."""
    return [path for pattern in LAYERS[name] for path in sorted(ROOT.glob(pattern))]


def build(name):
    """Join the layers of ``name`` afresh and return the Asset."""
    sources = [path.read_text(encoding="utf-8") for path in find_files(name)]
    if name.endswith(".css"):
        text = shrink_css("\n".join(sources))
    elif name == "app.js":
        # One shared scope: core.js declares the few functions that the components use.
        text = '(() => {\n"use strict";\n' + shrink_js("\n".join(sources)) + "\n})();\n"
    else:
        text = shrink_js("\n".join(sources))
        text = text if name == "theme.js" else f'(() => {{\n"use strict";\n{text}\n}})();\n'
    body = text.encode()
    return Asset(name, body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:12])


def get_asset(name):
    """The current Asset of that name; joined once, in DEBUG again after a change."""
    stamp = max(path.stat().st_mtime for path in find_files(name)) if settings.DEBUG else 0.0
    if name not in _built or _built[name][0] != stamp:
        _built[name] = (stamp, build(name))
    return _built[name][1]


def asset_url(name):
    """The address under which a page should load an asset."""
    return reverse("bundle", args=[get_asset(name).hash, name])


def shrink_css(text):
    """Drop comments and needless white space; strings in our sheets hold neither."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return re.sub(r";}", "}", re.sub(r"([a-z-]): ", r"\1:", text)).strip()


def shrink_js(text):
    """Drop indentation and lines that are only a comment; code is left as it is written."""
    text = re.sub(r"^\s*/\*.*?\*/\s*$", "", text, flags=re.S | re.M)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@require_safe
def serve(request, hash, name):
    """Answer one asset. An old hash still gets the current file, but must not be kept."""
    if name not in LAYERS:
        raise Http404
    asset = get_asset(name)
    etag = f'"{asset.hash}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(asset.packed, content_type=asset.content_type)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(asset.body, content_type=asset.content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if hash == asset.hash else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
