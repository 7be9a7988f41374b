"""The tree holds our own work only, and its papers tell of everything that must be told."""

import re
import tomllib

from tests.house import tree

TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".yml", ".yaml", ".cfg", ".ini", ""}


def _texts():
    for path in tree.list_tracked():
        if path.suffix in TEXT and path.name not in {"LICENSE"}:
            yield path, path.read_text("utf-8", errors="replace")


def test_every_setting_is_told():
    used = {
        name for path in tree.list_modules() for name in re.findall(r"\bAFTERCARE_[A-Z_]+\b", path.read_text("utf-8"))
    }
    told = set(re.findall(r"\bAFTERCARE_[A-Z_]+\b", (tree.ROOT / "docs" / "settings.md").read_text("utf-8")))
    assert used - told == set()


def _names(lines) -> set[str]:
    return {re.split(r"[\[<>=;! ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in lines}


def _wanted() -> dict[str, set[str]]:
    """The names of pyproject.toml by the file that must pin them."""
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))
    return {
        "core": _names(project["project"]["dependencies"]),
        "team": _names(project["project"]["optional-dependencies"]["team"]),
        "test": _names(project["dependency-groups"]["test"]),
        "e2e": _names(project["dependency-groups"]["e2e"]),
    }


def test_every_dependency_has_its_reason():
    told = (tree.ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    assert {name for names in _wanted().values() for name in names if f"`{name}`" not in told} == set()


def test_every_dependency_is_pinned():
    wanted, pinned = _wanted(), set()
    for group in ("core", "team", "test", "e2e"):
        lines = (tree.ROOT / "requirements" / f"{group}.txt").read_text().splitlines()
        pins = [line for line in lines if line and not line.startswith(("#", "-r "))]
        assert [line for line in pins if "==" not in line] == []
        pinned |= _names(pins)
        assert wanted[group] - pinned == set(), f"requirements/{group}.txt: run `./run pins`"


def test_nothing_of_others_lies_in_the_tree():
    names = [path for path in tree.list_tracked() if "vendor" in path.parts or ".min." in path.name]
    fonts = [path for path in tree.list_tracked() if path.suffix in {".woff", ".woff2", ".ttf", ".otf"}]
    assert names + fonts == []


def test_no_package_host_is_named():
    hosts = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + "js", "un" + "pkg", "jsdel" + "ivr"]))
    assert [tree.shown(path) for path, text in _texts() if hosts.search(text)] == []


def test_lock_files_that_name_hosts_stay_out():
    locks = {"uv.lock", "poetry.lock", "package-lock.json"}
    assert [path.name for path in tree.list_tracked() if path.name in locks] == []
