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
        name
        for path in tree.list_modules()
        for name in re.findall(r"\bAFTERCARE_[A-Z_]+\b", path.read_text("utf-8"))
    }
    told = set(re.findall(r"\bAFTERCARE_[A-Z_]+\b", (tree.ROOT / "docs" / "settings.md").read_text("utf-8")))
    assert used - told == set()


def test_every_dependency_has_its_reason():
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(line for lines in project["project"]["optional-dependencies"].values() for line in lines),
        *(line for lines in project["dependency-groups"].values() for line in lines),
    ]
    names = {re.split(r"[\[<>=;! ]", line, maxsplit=1)[0].lower() for line in wanted}
    told = (tree.ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_every_dependency_is_pinned():
    for name in ("core", "team", "test"):
        lines = (tree.ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        loose = [line for line in lines if line and not line.startswith(("#", "-r ")) and "==" not in line]
        assert loose == [], name


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
