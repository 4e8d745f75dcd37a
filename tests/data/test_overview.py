import json

import numpy as np
import pytest

from dlrun.data.overview import folded, overview, share_text
from dlrun.spec import Experiment

ROWS = 60


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "사람들.csv"
    lines = ["번호,나이,도시,가입일,무게,같음,메모,결과"]
    for row in range(ROWS):
        age = "" if row == 3 else str(20 + row * 7 % 40)
        day = f"2024-{row % 12 + 1:02}-15"
        city, ill = ("서울", "부산", "대구")[row % 3], int(row % 9 == 0)
        lines.append(f"{row + 1},{age},{city},{day},{row % 50 + 40} kg,1,글 {row},{ill}")
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def found(source, **data):
    return overview(Experiment.model_validate({"data": {"source": source, **data}}))


def test_what_becomes_of_each_column(source):
    facts = found(source, target="결과")
    assert [(column.name, column.kind, column.becomes, column.inputs) for column in facts.columns] == [
        ("번호", "id", "left out", 0),
        ("나이", "number", "input", 2),
        ("도시", "category", "input", 3),
        ("가입일", "date", "input", 5),
        ("무게", "number", "input", 1),
        ("같음", "constant", "left out", 0),
        ("메모", "text", "left out", 0),
        ("결과", "boolean", "target", 0),
    ]
    assert facts.inputs == 11
    assert facts.split == {"train": 48, "validation": 12, "test": 0}
    assert facts.classes == {"0": 53, "1": 7}
    assert facts.columns[0].reason == "it numbers the rows"
    assert facts.columns[1].missing == 1
    assert facts.columns[2].top == (("서울", 20), ("부산", 20), ("대구", 20))
    assert (facts.columns[3].low, facts.columns[3].high) == ("2024-01-15", "2024-12-15")
    assert facts.columns[4].note == "texts such as '40 kg' are read as numbers (40 kg)"
    assert facts.warnings == (
        "Classes are unbalanced: '1' has 11.7% of the rows. Accuracy says little then; look at balanced_accuracy or "
        "auc, or set fit.class_weight: balanced.",
    )


def test_without_a_target(source):
    facts = found(source)
    assert facts.task is None
    assert {column.becomes for column in facts.columns} == {"input", "left out"}
    assert facts.split == {}


def test_columns_that_split_or_are_excluded(source):
    facts = found(source, target="나이", group="도시", exclude=["무게"])
    uses = {column.name: column.becomes for column in facts.columns}
    assert (uses["도시"], uses["무게"], uses["나이"]) == ("group", "excluded", "target")
    assert facts.amounts["min"] == 20
    assert facts.classes == {}


def test_folds_show_the_first(source):
    facts = found(source, target="결과", folds=5)
    assert facts.split == {"train": 48, "validation": 12, "test": 0}
    assert facts.folds == 5


def test_pixels_are_one_column():
    facts = overview(Experiment.model_validate({"data": {"source": "digits"}}))
    assert [(column.name, column.inputs) for column in facts.columns] == [("pixel_0_0 … pixel_7_7", 64), ("digit", 0)]
    assert facts.warnings == ()


@pytest.mark.parametrize("target", [None, "결과", "나이"])
def test_json_is_plain(source, target):
    document = found(source, **({} if target is None else {"target": target})).to_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert len(document["columns"]) == 8


def test_amounts_are_those_of_numpy(source):
    facts = found(source, target="나이")
    ages = np.array([20 + row * 7 % 40 for row in range(ROWS) if row != 3])
    assert facts.amounts == {
        "min": ages.min(), "median": np.median(ages), "mean": ages.mean(), "spread": ages.std(), "max": ages.max(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("share", "text"), [(0.4421, "44.2%"), (0.0161, "1.6%"), (0.0042, "0.42%"), (0.000416, "0.042%"), (0.0, "0.0%")]
)
def test_small_shares_keep_their_digits(share, text):
    assert share_text(share) == text


def test_numbered_inputs_are_shown_as_one(tmp_path):
    path = tmp_path / "a.npz"
    x = np.random.default_rng(0).normal(size=(ROWS, 40))
    np.savez(path, x=x, y=np.arange(ROWS) % 2)
    facts = found(str(path)).columns
    assert len(facts) == 41
    run, target = folded(facts)
    assert (run.name, run.inputs, run.low, run.high, target.name) == ("x1 … x40", 40, x.min(), x.max(), "y")
    assert folded(facts[:30]) == facts[:30]
