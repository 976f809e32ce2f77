"""Law 1: imports go one way, and no platform's SDK leaves its folder."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
SDKS = {"slack_bolt": "bot/channels/slack", "slack_sdk": "bot/channels/slack", "botbuilder": "bot/channels/teams"}
HOME_ONLY = {
    "starlette": ("bot/channels/web", "bot/channels/slack", "bot/wiring.py"),
    "jinja2": "bot/channels/web",
    "sqlite_utils": "policy_kb",
    "sqlite3": ("policy_kb", "bot/storage", "bot/cli/peers.py", "bot/cli/__init__.py"),
    "sqlalchemy": ("bot/storage", "bot/wiring.py"),
    "alembic": "bot/storage",
    "cryptography": "bot/storage",
    "typst": "bot/paper",
}
MODULES = sorted(path for top in ("bot", "intents", "policy_kb") for path in (ROOT / top).rglob("*.py"))


def test_imports_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert (exit_code, capsys.readouterr().out[-400:] if exit_code else "") == (0, "")


def test_no_sdk_is_imported_outside_its_folder() -> None:
    strays = [f"{_name(path)} imports {top}" for path in MODULES for top in _imports(path) if not _at_home(path, top)]
    assert strays == []


def test_the_neutral_model_needs_the_standard_library_only() -> None:
    allowed = {
        "__future__",
        "bot",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "re",
        "types",
        "typing",
        "unicodedata",
    }
    used = {top for path in (ROOT / "bot" / "talk").glob("*.py") for top in _imports(path)}
    assert used - allowed == set()


def test_dialogs_never_name_a_channel() -> None:
    texts = {
        _name(path): path.read_text(encoding="utf-8").lower() for path in (ROOT / "bot" / "conversation").glob("*.py")
    }
    assert [name for name, text in texts.items() for word in ("slack", "teams", "terminal") if word in text] == []


def _at_home(path: Path, top: str) -> bool:
    home = SDKS.get(top) or HOME_ONLY.get(top)
    return home is None or _name(path).startswith(home)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) if node.level == 0}
    return {name.partition(".")[0] for name in named}
