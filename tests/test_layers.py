"""The house of docs/design.md: who may import whom, who prints, who writes, and what the quick commands load."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlrun.store import Store
from tests.stored import keep_run

PACKAGE = Path(__file__).parents[1] / "dlrun"
MAY_IMPORT = {
    "errors": set[str](),
    "spec": {"errors"},
    "data": {"errors", "spec"},
    "training": {"errors", "spec", "data"},
    "store": {"errors", "spec"},
    "runner": {"errors", "spec", "data", "training", "store"},
    "sweeps": {"errors", "spec", "data", "training", "store", "runner"},
    "insight": {"errors", "spec", "store"},
    "gallery": {"errors", "spec", "data", "training", "store", "runner", "sweeps", "insight"},
    "cli": {"gallery", "errors", "spec", "data", "training", "store", "runner", "sweeps", "insight"},
}
HEAVY = {"tensorflow", "keras", "jax", "torch", "pandas", "sklearn", "matplotlib", "altair"}
FILES = sorted(PACKAGE.rglob("*.py"))
WRITES = {"open", "write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmtree", "rename", "touch"}


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def imports(tree: ast.AST) -> set[str]:
    """The full names of all modules that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def at_import(tree: ast.Module) -> set[str]:
    """The packages that importing a file imports."""
    tops = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    return {module.partition(".")[0] for module in imports(tops)}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(parse(path)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    own = layer(path)
    if own in ("__init__", "__main__"):
        return
    known = {module.split(".")[1] for module in imports(parse(path)) if module.startswith("dlrun.")}
    layers = {part for part in known if part in MAY_IMPORT} - {own}
    assert layers <= MAY_IMPORT[own], f"{name(path)} may not know {layers - MAY_IMPORT[own]}"


def test_every_layer_has_its_arrows() -> None:
    assert {layer(path) for path in FILES} - {"__init__", "__main__"} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    assert not at_import(parse(path)) & HEAVY


@pytest.mark.parametrize("path", [path for path in FILES if layer(path) in ("store", "insight")], ids=name)
def test_store_and_insight_load_the_standard_library_alone(path: Path) -> None:
    assert at_import(parse(path)) <= {"dlrun", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", [path for path in FILES if layer(path) != "cli"], ids=name)
def test_only_the_command_line_prints(path: Path) -> None:
    printing = {"print", "sys.stdout.write", "sys.stderr.write", "sys.stdout.writelines", "sys.stderr.writelines"}
    for call in calls(path):
        assert ast.unparse(call.func) not in printing, f"{name(path)}:{call.lineno} prints"


@pytest.mark.parametrize("path", [path for path in FILES if layer(path) == "training"], ids=name)
def test_engines_write_no_files(path: Path) -> None:
    for call in calls(path):
        called = ast.unparse(call.func).rpartition(".")[2]
        to_nowhere = bool(call.args) and ast.unparse(call.args[0]) == "os.devnull"
        assert called not in WRITES or to_nowhere, f"{name(path)}:{call.lineno} calls {called}"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("layers"))
    keep_run(store, "a")
    keep_run(store, "b", changed={"model.dropout": 0.5})
    keep_run(store, "c", finish=False)
    return store.root


def loaded_by(words: list[str], results: Path) -> set[str]:
    """The top-level packages in a fresh interpreter after a command."""
    program = (
        "import json, sys; from dlrun.cli.main import main; code = main(sys.argv[1:]); assert code == 0, code\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    env = {**os.environ, "DLRUN_RESULTS": str(results)}
    done = subprocess.run([sys.executable, "-c", program, *words], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["--help"], {"pydantic", "numpy", "typer", "rich", "yaml", "sqlite3"}),
        (["--version"], {"pydantic", "numpy", "typer", "rich", "yaml", "sqlite3"}),
        (["ls", "--help"], {"pydantic", "numpy", "rich"}),
        (["ls"], {"pydantic", "numpy", "rich"}),
        (["ls", "--json"], {"pydantic", "numpy", "rich"}),
        (["show", "a"], {"pydantic", "numpy", "rich"}),
        (["show"], {"pydantic", "numpy", "rich"}),
        (["compare"], {"pydantic", "numpy", "rich"}),
        (["diagnose"], {"pydantic", "numpy", "rich"}),
        (["diagnose", "a", "--json"], {"pydantic", "numpy", "rich"}),
        (["watch", "--once"], {"pydantic", "numpy", "rich"}),
        (["effects"], {"pydantic", "rich"}),
        (["report", "a", "--format", "markdown"], {"pydantic", "rich"}),
        (["diff", "a", "b"], {"pydantic", "numpy"}),
        (["curves", "a"], {"numpy"}),
        (["rm", "--help"], {"pydantic", "numpy"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_quick_commands_load_little(words: list[str], more: set[str], results: Path) -> None:
    assert not loaded_by(words, results) & (HEAVY | more)
