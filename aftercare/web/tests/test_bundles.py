"""The browser gets one small stylesheet and one small script, and both keep to the ground rules."""

import os
import re

import pytest
from django.test import override_settings

from aftercare.web import bundles

CSS_LIMIT, JS_LIMIT = 12 * 1024, 8 * 1024
TEMPLATES = bundles.ROOT.parent.parent / "templates"
TOO_YOUNG = ("light-dark(", "color-mix(", "oklch(", "popover", "@scope", "@layer", "text-wrap")


def read_styles():
    for path in (*bundles.find_files("app.css"), *bundles.find_files("paper.css")):
        yield path, re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def list_templates():
    return sorted(TEMPLATES.rglob("*.html"))


def test_stylesheet_fits_its_budget():
    assert len(bundles.build("app.css").packed) <= CSS_LIMIT


def test_scripts_fit_their_budget():
    assert len(bundles.build("app.js").packed) + len(bundles.build("theme.js").packed) <= JS_LIMIT


def test_what_single_pages_load_besides_is_small():
    assert {name for name in ("board.js", "files.js", "sound.js", "scanning.js", "scanning.css", "paper.css") if len(bundles.build(name).packed) > 3 * 1024} == set()


def test_every_source_file_is_joined_once():
    joined = [path for name in bundles.LAYERS for path in bundles.find_files(name)]
    on_disk = [path for path in bundles.ROOT.rglob("*") if path.suffix in {".css", ".js"}]
    assert sorted(joined) == sorted(on_disk)


def test_raw_colours_stand_in_tokens_only():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    found = {path.name: raw.findall(text) for path, text in read_styles() if path.name != "tokens.css"}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_every_used_token_exists():
    text = "".join(text for _, text in read_styles())
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used - defined == set()


def test_no_feature_is_younger_than_the_baseline():
    assert [(path.name, word) for path, text in read_styles() for word in TOO_YOUNG if word in text] == []


def test_rules_are_not_nested():
    nested = []
    for path, text in read_styles():
        stack = []
        for selector, brace in re.findall(r"([^{};]*)([{}])", text):
            if brace == "}":
                stack.pop()
            else:
                if stack and not stack[-1].startswith("@"):
                    nested.append((path.name, selector.strip()))
                stack.append(selector.strip())
    assert nested == []


def test_no_web_fonts():
    assert [path.name for path, text in read_styles() if "url(" in text] == []


def test_templates_hold_nothing_that_a_strict_policy_refuses():
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)|javascript:|hx-on", re.I)
    found = {path.name: forbidden.findall(path.read_text(encoding="utf-8")) for path in list_templates()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_scripts_hold_no_texts_for_people():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [
        path.name for path in bundles.find_files("app.js") if chinese.search(path.read_text(encoding="utf-8"))
    ] == []


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (TEMPLATES / "components" / "icons.html").read_text(encoding="utf-8")))
    named = {name for path in list_templates() for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))}
    assert named - drawn == set()


@pytest.mark.parametrize("name", bundles.LAYERS)
def test_current_hash_is_kept_for_a_year(client, name):
    response = client.get(bundles.asset_url(name))
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    assert client.get(bundles.asset_url(name), headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_old_hash_gets_the_current_file_but_is_not_kept(client):
    response = client.get("/bundles/000000000000/app.css")
    assert response.content == bundles.get_asset("app.css").body
    assert response["Cache-Control"] == "no-cache"


def test_gzip_twin_is_sent_to_who_takes_it(client):
    response = client.get(bundles.asset_url("app.js"), headers={"Accept-Encoding": "gzip, br"})
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]


def test_unknown_asset_is_not_found(client):
    assert client.get("/bundles/000000000000/settings.py").status_code == 404


def test_debug_joins_again_after_a_change(tmp_path, monkeypatch):
    (tmp_path / "js").mkdir()
    source = tmp_path / "js" / "theme.js"
    source.write_text("one();")
    monkeypatch.setattr(bundles, "ROOT", tmp_path)
    monkeypatch.setattr(bundles, "_built", {})
    with override_settings(DEBUG=True):
        before = bundles.get_asset("theme.js")
        source.write_text("two();")
        stamp = source.stat().st_mtime + 5
        os.utime(source, (stamp, stamp))
        assert bundles.get_asset("theme.js").hash != before.hash
