"""Which sweep is meant: config, words of the command line, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlrun.cli.sweep_configs import agree, load_sweep, sweeps_here
from dlrun.errors import ConfigError, UsageError
from dlrun.spec.sweep_words import SweepWords

DIGITS = "data: {source: digits}\n"
GRID = f"{DIGITS}sweep: {{grid: {{model.width: [8, 16]}}, seeds: 2}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_config_without_a_sweep_is_tried_around_and_it_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "한글.yaml").write_text(f"{DIGITS}model: {{width: 64}}\n")
    loaded = load_sweep("한글.yaml", [], None, SweepWords(seeds=2), quiet=False)
    assert loaded.experiment.sweep is not None
    assert loaded.experiment.sweep.grid == {"model.width": (32, 64, 128, 256), "model.depth": (1, 2, 3, 4)}
    assert loaded.experiment.sweep.seeds == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "한글.yaml has no `sweep:`, so widths and depths around it are tried: model.width 32, 64, 128, 256 x "
        "model.depth 1, 2, 3, 4. --grid or --space choose something else\n"
    )


def test_words_and_sets_are_laid_over_the_config(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(GRID)
    words = SweepWords(grids=["model.depth=1..3"])
    loaded = load_sweep("a.yaml", ["fit.epochs=3"], None, words, quiet=False)
    assert loaded.experiment.fit.epochs == 3
    assert loaded.experiment.sweep is not None
    assert (loaded.experiment.sweep.grid, loaded.experiment.sweep.seeds) == ({"model.depth": (1, 2, 3)}, 2)
    assert capsys.readouterr().err == ""


def test_data_files_and_built_in_names_are_swept_too(folder: Path) -> None:
    rows = "\n".join(f"{row},{row % 2}" for row in range(40))
    (folder / "rows.csv").write_text(f"a,b\n{rows}\n")
    for named, target in (("digits", None), ("rows.csv", "b")):
        words = SweepWords(spaces=["model.dropout=0..0.5"], trials=3)
        loaded = load_sweep(named, [], target, words, quiet=True)
        assert loaded.experiment.sweep is not None
        assert loaded.experiment.sweep.search is not None
        assert loaded.experiment.sweep.search.n_trials == 3


def test_what_does_not_hold_is_said(folder: Path) -> None:
    (folder / "a.yaml").write_text(GRID)
    with pytest.raises(ConfigError, match=r"--grid model.wdith=3: sweep.grid: model.wdith is not a key of `model`"):
        load_sweep("a.yaml", [], None, SweepWords(grids=["model.wdith=3"]), quiet=True)


def test_very_many_configurations_are_asked_about(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.yaml").write_text(GRID)
    grids = ["model.width=1..2000", "model.depth=1..10", "fit.batch_size=1..500", "model.dropout=0,0.5"]
    many = load_sweep("a.yaml", [], None, SweepWords(grids=grids[:2]), quiet=True)
    with pytest.raises(UsageError, match=r"^sweep: asks before it tries 20,000 configurations, 40,000 runs.*--yes"):
        agree(many, yes=False)
    assert agree(many, yes=True)
    millions = load_sweep("a.yaml", [], None, SweepWords(grids=grids), quiet=True)
    with pytest.raises(UsageError, match=r"20,000,000 configurations"):
        agree(millions, yes=False)
    few = load_sweep("a.yaml", [], None, SweepWords(grids=["model.width=1..10000"]), quiet=True)
    assert agree(few, yes=False)


@pytest.mark.parametrize(("answer", "goes_on"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_the_answer_decides(answer: str, goes_on: bool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    (folder / "a.yaml").write_text(GRID)
    many = load_sweep("a.yaml", [], None, SweepWords(grids=["model.width=1..8000", "model.depth=1,2"]), quiet=True)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert agree(many, yes=False) is goes_on


def test_configs_with_a_sweep_are_listed(folder: Path) -> None:
    (folder / "configs").mkdir()
    (folder / "configs" / "a.yaml").write_text(GRID)
    (folder / "configs" / "b.yml").write_text(
        f"{DIGITS}sweep: {{search: {{name: tpe, n_trials: 9}}, space: {{model.dropout: {{low: 0, high: 0.5}}}}}}\n"
    )
    (folder / "configs" / "none.yaml").write_text(DIGITS)
    (folder / "[x].yaml").write_text("base: configs/a.yaml\n")
    (folder / "bad.yaml").write_text(f"{DIGITS}sweep: {{grid: {{model.wdith: [1]}}}}\n")
    (folder / "docker-compose.yaml").write_text("services: {a: {image: b}}\n")
    (folder / "list.yaml").write_text("[1, 2]\n")
    (folder / "torn.yaml").write_text("a: [\n")
    (folder / "note.txt").write_text("sweep: 1\n")
    (folder / "folder.yaml").mkdir()
    assert [tuple(row.values()) for row in sweeps_here().rows] == [
        ("configs/a.yaml", "grid", "model.width", 2, 4),
        ("configs/b.yml", "tpe", "model.dropout", 9, 9),
        ("[x].yaml", "grid", "model.width", 2, 4),
        ("bad.yaml", "does not hold", "sweep.grid: model.wdith is not a key of `model`. Did you mean `width`?"),
    ]


def test_nothing_to_list() -> None:
    assert sweeps_here().rows == []
