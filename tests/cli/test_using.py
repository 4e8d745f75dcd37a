"""`dlrun evaluate` and `dlrun predict` as a user meets them: pages, JSON, CSV, and every refusal word for word."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from dlrun.cli.main import main
from dlrun.store import RunFolder, Store
from tests.command import dlrun
from tests.kept_runs import KINDS, flowers, houses, keep
from tests.stored import keep_run

Run = Callable[..., tuple[int, str, str]]
GOOD = "length,colour,kind\n1.0,red,장미\n2.0,blue,[/x]\n0.1,green,=1+1\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three real runs: flowers with test rows, bare without, houses with a number to predict."""
    root = tmp_path_factory.mktemp("using")
    keep(root, "flowers", flowers(), data={"target": "kind", "test_split": 0.2})
    keep(root, "bare", flowers(60, seed=5), data={"target": "kind"})
    keep(root, "houses", houses(), data={"target": "price", "test_split": 0.2})
    keep(root, "nameless", "1,2,0\n2,1,1\n" * 30, data={"target": 0, "header": False, "task": "classification"})
    return root


@pytest.fixture
def run(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in an own copy of the store: exit code, stdout, stderr."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DLRUN_RESULTS", raising=False)

    def carry_out(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return carry_out


def folder(name: str) -> RunFolder:
    return Store(Path("results")).find(name)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_of_classes(run: Run) -> None:
    code, out, err = run("evaluate", "flowers")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert re.fullmatch(r"flowers-\w{12} on 30 rows \(data\.test_split: .*flowers\.csv\)", lines[0])
    assert lines[1].startswith("  opened 20")
    assert lines[3].split("  ")[-1] == "trivial predictor"
    assert re.search(r"accuracy +0\.\d{4}  \[0\.\d{4}, [01]\.\d{4}\] ", out)
    assert "test - validation: accuracy" in out
    assert "confusion: true class by row, predicted class by column" in out
    again = run("evaluate", "flowers")[1]
    assert "opened before, on 20" in again
    assert again.splitlines()[4:] == lines[3:]


def test_the_page_of_a_number(run: Run) -> None:
    code, out, _ = run("evaluate", "houses")
    assert code == 0
    for words in ("root mean squared error", "r2", "bias", "errors (predicted - true)", "largest errors"):
        assert words in out
    assert "confusion" not in out


def test_show_says_when_it_was_tested(run: Run) -> None:
    assert "tested" not in run("show", "flowers")[1]
    run("evaluate", "flowers")
    assert re.search(
        r"tested +test accuracy [01]\.\d{4} \[[01]\.\d{4}, [01]\.\d{4}\], opened 20", run("show", "flowers")[1]
    )


def test_show_json_has_notes_and_evaluations(run: Run) -> None:
    (before,) = json.loads(run("show", "flowers", "--json")[1])["runs"]
    assert before["evaluations"] == []
    assert before["notes"] == before["record"]["notes"]
    assert before["trivial"] == before["record"]["trivial"]
    (found,) = json.loads(run("evaluate", "flowers", "--json")[1])["evaluations"]
    (after,) = json.loads(run("show", "flowers", "--json")[1])["runs"]
    assert after["evaluations"][0].items() <= found.items()


def test_the_json_of_an_evaluation(run: Run) -> None:
    document = json.loads(run("evaluate", "flowers", "--json")[1])
    (found,) = document["evaluations"]
    assert document["format"] == 1
    assert (found["name"], found["rows"], found["again"], found["rows_from"]) == (
        "flowers",
        30,
        False,
        "data.test_split",
    )
    assert sum(map(sum, found["confusion"])) == 30
    assert Path(found["path"]).is_absolute()
    assert json.loads(run("evaluate", "flowers", "--json")[1])["evaluations"][0]["again"] is True


def test_several_runs_and_a_file(run: Run) -> None:
    Path("new.csv").write_text(GOOD, encoding="utf-8")
    code, out, err = run("evaluate", "flowers", "bare", "new.csv")
    assert (code, err) == (0, "Testing 2 runs\n")
    assert "mean of 2 runs" in out
    document = json.loads(run("evaluate", "flowers", "bare", "new.csv", "--json", "-q")[1])
    assert [one["again"] for one in document["evaluations"]] == [True, True]
    assert document["means"][0]["runs"] == 2


def test_csv_goes_to_a_pipe_and_to_a_file(run: Run) -> None:
    Path("new.csv").write_text(GOOD, encoding="utf-8")
    code, piped, err = run("predict", "flowers", "new.csv", "--keep", "length")
    assert code == 0
    assert err == "Column 'kind' is what is predicted; its values are not looked at.\n"
    assert run("predict", "flowers", "new.csv", "--keep", "length", "-o", "-", "-q") == (0, piped, "")
    assert run("predict", "flowers", "new.csv", "--keep", "length", "-o", "out.csv", "-q") == (0, "", "")
    assert Path("out.csv").read_text(encoding="utf-8") == piped
    rows = list(csv.DictReader(io.StringIO(piped)))
    assert [row["row"] for row in rows] == ["1", "2", "3"]
    assert {row["prediction"] for row in rows} <= set(KINDS)


def test_a_terminal_shows_the_first_rows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("new.csv").write_text("length,colour\n" + "1,red\n" * 30, encoding="utf-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    code, out, err = run("predict", "flowers", "new.csv")
    assert code == 0
    assert len(out.splitlines()) == 21
    assert "The first 20 of 30 rows; -o FILE writes them all" in err


def test_the_json_of_predictions(run: Run) -> None:
    Path("new.csv").write_text("rooms,size\n3,100\n", encoding="utf-8")
    document = json.loads(run("predict", "houses", "new.csv", "--json")[1])
    assert document["target"] == "price"
    assert document["rows"][0]["row"] == 1
    assert 100_000 < document["rows"][0]["prediction"] < 600_000


def test_built_in_sets_are_files_too(run: Run) -> None:
    assert run("predict", "flowers", "digits")[0] == 2


def test_hostile_labels_are_only_text(run: Run) -> None:
    hostile = "\x1b[31mred,[/x],<b>"
    Path("new.csv").write_text(f'length,colour\n1.0,"{hostile}"\n', encoding="utf-8")
    code, _, err = run("predict", "flowers", "new.csv")
    assert code == 0
    assert "\x1b" not in err
    assert "\\x1b[31mred" in err


# --- refusals --------------------------------------------------------------------------------------------------------

FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "header.csv": b"length,colour,kind\n",
    "good.csv": GOOD.encode(),
    "unlabelled.csv": b"length,colour\n1.0,red\n",
    "nolabels.csv": b"length,colour,kind\n1.0,red,\n2.0,red,?\n",
    "unknown.csv": "length,colour,kind\n1.0,red,rose\n2.0,red,rose\n1.0,red,장미\n1.0,blue,tulip\n".encode(),
    "lacking.csv": "width,colour,kind\n1.0,red,장미\n".encode(),
    "lacking2.csv": "width,kind\n1.0,장미\n".encode(),
    "dirty.csv": "length,colour,kind\n1.0,red,장미\nlong,red,장미\n".encode(),
    "ragged.csv": "length,colour,kind\n1.0,red,장미\n1.0,red\n".encode(),
    "doubled.csv": "length,length,kind\n1.0,2,장미\n".encode(),
    "infinite.csv": "length,colour,kind\n1e999,red,장미\n".encode(),
    "nul.csv": b"length,colour,kind\n1.0,\x00,x\n",
    "priceless.csv": b"size,rooms\n100,3\n",
    "words.csv": b"size,rooms,price\n100,3,cheap\n90,2,dear\n",
    "narrow.csv": b"1,2\n3,4\n",
    "photo.png": b"\x89PNG\r\n\x1a\n\0\0",
    "program.bin": b"\x7fELF\2\1\1" + bytes(200),
    "cut.parquet": b"PAR1xx",
}
NO_RUN = "{results}: no run answers to `nothing`. `dlrun ls` lists them all"
NO_FILE = "FILE: no file and no built-in data set is called 'nothing.csv'."
LACKS = ", which the run was trained on. It has: "
BOTH: list[tuple[str, int, str]] = [
    ("flowers nothing.csv", 2, NO_FILE),
    ("flowers program.bin", 2, "program.bin: is a program by its first bytes, not a text table."),
    ("flowers cut.parquet", 2, "cut.parquet: is cut off, damaged or no Parquet file"),
    ("flowers empty.csv", 2, "empty.csv: the file is empty"),
    ("flowers header.csv", 2, "header.csv: has column names but no rows"),
    ("flowers lacking.csv", 2, f"lacking.csv: lacks the column 'length'{LACKS}'width', 'colour', 'kind'"),
    ("flowers lacking2.csv", 2, f"lacking2.csv: lacks the columns 'length', 'colour'{LACKS}'width', 'kind'"),
    (
        "flowers dirty.csv",
        2,
        "dirty.csv: column 'length' must hold numbers, as in the train rows. Received: 'long' in row 2",
    ),
    ("flowers ragged.csv", 2, "ragged.csv: line 3 has 2 fields, the first line has 3"),
    ("flowers doubled.csv", 2, "doubled.csv: line 1 calls more than one column 'length' (columns 1 and 2)."),
    ("flowers infinite.csv", 2, "infinite.csv: column 'length' must hold numbers, as in the train rows. Received: "),
    ("flowers nul.csv", 2, "nul.csv: line 2 holds a NUL character"),
    ("flowers good.csv --backend nothing", 2, "{command}: Invalid value for '--backend': 'nothing' is not one of "),
]
EVALUATE: list[tuple[str, int, str]] = [
    ("", 2, "evaluate: Missing argument 'RUN... [FILE]'."),
    ("flowers photo.png", 2, "FILE: a single image is no data set."),
    ("nothing", 4, NO_RUN),
    ("flowers nothing", 4, f"{NO_RUN}. No file is called so either"),
    ("flowers nothing good.csv", 4, NO_RUN),
    (
        "bare",
        2,
        "{bare} has no test rows. Give a labelled file: `dlrun evaluate {bare} FILE`; or set data.test_split or "
        "data.test_source in the config and train again",
    ),
    (
        "flowers unlabelled.csv",
        2,
        "unlabelled.csv: has no column 'kind', which holds what is true. `dlrun predict` needs none. "
        "It has: 'length', 'colour'",
    ),
    ("flowers nolabels.csv", 2, "nolabels.csv: the column to predict, 'kind', has no values"),
    (
        "flowers unknown.csv",
        2,
        "unknown.csv: 'kind' must hold classes of the run: '=1+1', '[/x]', '장미'. "
        "Received: 'rose' (2 rows), 'tulip' (1 row)",
    ),
    (
        "flowers flowers.csv",
        2,
        "FILE: 'flowers.csv' holds the rows that {flowers} was trained on, which say nothing about new ones. "
        "Without FILE its own test rows are taken, if it has any; `dlrun predict` takes any rows",
    ),
    ("houses priceless.csv", 2, "priceless.csv: has no column 'price', which holds what is true."),
    (
        "houses words.csv",
        2,
        "words.csv: 'price' must be a number for data.task: regression. Received: 'cheap' in row 1",
    ),
    ("houses good.csv", 2, "good.csv: has no column 'price', which holds what is true."),
]
PREDICT: list[tuple[str, int, str]] = [
    ("nothing good.csv", 4, NO_RUN),
    ("flowers", 2, "predict: Missing argument 'FILE'."),
    (
        "flowers photo.png",
        2,
        "FILE: must hold the columns that the run was trained on, which was trained on no images. "
        "Received: 'photo.png'",
    ),
    ("flowers digits", 2, "digits: lacks the columns 'length', 'colour', which the run was trained on."),
    (
        "nameless narrow.csv",
        2,
        "narrow.csv: lacks the column 'column_3', which the run was trained on. It has 2 columns and no names: keep "
        "all columns of the train file in their places, also 'column_1', whose values are not looked at",
    ),
    ("flowers good.csv -o good.csv", 2, "-o must not be the file that is read. Received: 'good.csv'"),
    ("flowers good.csv -o ./good.csv", 2, "-o must not be the file that is read. Received: 'good.csv'"),
    ("flowers good.csv -o results", 2, "-o must be a file. Received the folder 'results'"),
    ("flowers good.csv -o none/out.csv", 6, "none/out.csv: cannot be written (No such file or directory)."),
    ("flowers good.csv --keep name", 2, "--keep: good.csv has no column 'name'. It has: 'length', 'colour', 'kind'"),
]


@pytest.mark.parametrize(
    ("command", "words", "code", "message"),
    [("evaluate", *case) for case in BOTH + EVALUATE] + [("predict", *case) for case in BOTH + PREDICT],
)
def test_refusals(run: Run, command: str, words: str, code: int, message: str) -> None:
    for name, content in FILES.items():
        Path(name).write_bytes(content)
    ended, out, err = run(command, *words.split())
    assert (ended, out) == (code, "")
    names = {name: folder(name).path.name for name in ("flowers", "bare")}
    wanted = message.format(command=command, results=Path("results").absolute(), **names)
    assert f"dlrun: {wanted}" in err
    assert "Traceback" not in err
    assert Path("good.csv").read_bytes() == FILES["good.csv"]
    assert not folder("flowers").path.joinpath("evaluations.json").exists()


@pytest.mark.parametrize("command", [["evaluate", "x"], ["predict", "x", "good.csv"]])
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "diverged"}, "diverged: it has no usable net"),
        ({"status": "failed"}, "failed: it has no net"),
        ({}, "has no weights: preprocessing.json is not in its folder"),
    ],
)
def test_runs_without_a_net(run: Run, command: list[str], fields: dict[str, Any], message: str) -> None:
    Path("good.csv").write_text(GOOD, encoding="utf-8")
    found = keep_run(Store(Path("results")), "x", **fields)
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert err.startswith(f"dlrun: {found.path.name} {message}")


@pytest.mark.slow
def test_every_backend_predicts_the_same(kept: Path, tmp_path: Path) -> None:
    """A process each: Keras has one backend per process."""
    found = {}
    backends = ["tensorflow", "jax"] + ["torch"] * (find_spec("torch") is not None)
    for backend in backends:
        out = tmp_path / f"{backend}.csv"
        words = ["flowers", kept / "flowers.csv", "--results", kept / "results", "--backend", backend, "-o", out]
        done = dlrun("predict", *words)
        assert done.returncode == 0, done.stderr
        found[backend] = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    for backend in backends[1:]:
        for row, other in zip(found["tensorflow"], found[backend], strict=True):
            assert row["prediction"] == other["prediction"]
            for name in row:
                if name.startswith("probability_"):
                    assert float(row[name]) == pytest.approx(float(other[name]), abs=1e-5)
