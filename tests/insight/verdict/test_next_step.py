"""One next experiment: what is changed for which verdict, and that every patch is a config that holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.verdicts import HALVES, recorded
from dlrun.insight.verdict import VERDICTS, Diagnosis, diagnose
from dlrun.insight.verdict.changes import nested, patch_lines
from dlrun.insight.verdict.next_step import CHANGES, next_change
from dlrun.insight.words import said
from dlrun.spec.load import load
from dlrun.store.spec_file import read_spec

TOO_MUCH = {"kept_epoch": 50, "turn": 10}


def spec_of(**changed: Any) -> dict[str, Any]:
    """A whole spec on digits; keys with `__` for the point."""
    words: dict[str, Any] = {"data.source": "digits"} | {key.replace("__", "."): new for key, new in changed.items()}
    return dict(load(None, (), nested(words)).experiment.to_dict())


def change(verdict: str, evidence: dict[str, Any] | None = None, **changed: Any) -> tuple[str, dict[str, Any]]:
    found = next_change(spec_of(**changed), Diagnosis(verdict, evidence or {}))
    assert found is not None
    return found.kind, dict(found.patch)


@pytest.mark.parametrize(
    ("verdict", "evidence", "changed", "kind", "patch"),
    [
        ("overfit", {}, {"data__train_fraction": 0.1}, "more_data", {"data.train_fraction": 0.4}),
        ("overfit", {}, {}, "dropout", {"model.dropout": 0.2}),
        (
            "overfit",
            TOO_MUCH,
            {"fit__monitor": "val_accuracy", "fit__early_stopping": {"patience": 5}},
            "keep_best",
            {"fit.monitor": "val_loss"},
        ),
        ("overfit", TOO_MUCH, {"fit__early_stopping": {"patience": 5}}, "dropout", {"model.dropout": 0.2}),
        ("overfit", {}, {"model__dropout": 0.2}, "dropout", {"model.dropout": 0.4}),
        ("overfit", {}, {"model__dropout": [0.5, 0.1]}, "l2", {"model.l2": 1e-4}),
        ("overfit", {}, {"model__units": []}, "l2", {"model.l2": 1e-4}),
        ("overfit", {}, {"model__dropout": 0.5, "model__l2": 0.02}, "narrower", {"model.units": [32, 32]}),
        ("overfit", {}, {"model__dropout": 0.5, "model__l2": 0.02, "model__units": [8]}, "more_rows", {}),
        (
            "overfit",
            {},
            {"data__source": "mnist", "model__dropout": 0.5, "model__l2": 0.02, "model__units": [8]},
            "augmentation",
            {"data.augmentation.rotation": 0.03, "data.augmentation.shift": 0.1},
        ),
        (
            "overfit",
            {},
            {
                "data__source": "mnist",
                "data__augmentation": {"noise": 0.1},
                "model__dropout": 0.5,
                "model__l2": 0.02,
                "model__units": [8],
            },
            "more_rows",
            {},
        ),
        (
            "overfit",
            TOO_MUCH,
            {"fit__keep": "last", "fit__epochs": 200},
            "keep_best",
            {"fit.keep": "best", "fit.early_stopping": {"patience": 20}},
        ),
        ("underfit", {"learnt": 0.1}, {}, "wider", {"model.units": [128, 128]}),
        ("underfit", {"learnt": 0.1}, {"model__units": [1]}, "wider", {"model.units": [4]}),
        ("underfit", {"learnt": 0.1}, {"model__units": []}, "hidden_layers", {"model.units": [64, 64]}),
        ("underfit", {"learnt": 0.1}, {"model__units": [512]}, "deeper", {"model.units": [512, 512]}),
        ("underfit", {"learnt": 0.1}, {"model__dropout": 0.9}, "less_dropout", {"model.dropout": 0.2}),
        ("underfit", {"learnt": 0.0}, {"model__l2": 1.0}, "less_penalty", {"model.l2": 0.01}),
        (
            "underfit",
            {"learnt": 0.0},
            {"optimizer__name": "adam", "optimizer__learning_rate": 1.0},
            "smaller_rate",
            {"optimizer.learning_rate": 0.1},
        ),
        ("not converged", {}, {"fit__epochs": 20}, "longer", {"fit.epochs": 40}),
        (
            "not converged",
            {},
            {"optimizer__name": "adam", "optimizer__learning_rate": 1e-4},
            "larger_rate",
            {"optimizer.learning_rate": 3e-4},
        ),
        ("diverged", {}, {}, "smaller_rate", {"optimizer.learning_rate": 1e-4}),
        (
            "diverged",
            {},
            {"optimizer__name": "adam", "optimizer__learning_rate": 1e-5},
            "clip",
            {"optimizer.clipnorm": 1.0},
        ),
        (
            "learning rate too high",
            {"above_trivial": 0.5},
            {"optimizer__name": "sgd", "optimizer__learning_rate": 0.3},
            "smaller_rate",
            {"optimizer.learning_rate": 0.1},
        ),
        ("too noisy to tell", {"validation_rows": 20}, {}, "folds", {"data.folds": 5}),
        (
            "too noisy to tell",
            {"validation_rows": 20},
            {"data__validation_split": 0.05},
            "folds",
            {"data.folds": 5, "data.validation_split": 0.2},
        ),
        ("too noisy to tell", {"validation_rows": 900}, {}, "more_validation", {"data.validation_split": 0.4}),
        ("too noisy to tell", {"validation_rows": 20}, {"data__folds": 5}, "more_seeds", {}),
        ("no validation data", {}, {"data__validation_split": 0}, "hold_out", {"data.validation_split": 0.2}),
        ("no validation data", {}, {"data__source": "xor", "data__validation_split": 0}, "truth_table", {}),
        ("good fit", {"learnt": 0.99}, {}, "decay", {"schedule.name": "cosine"}),
        ("good fit", {"learnt": 0.99}, {"schedule__name": "cosine"}, "nothing", {}),
        (
            "good fit",
            {"learnt": 0.4, "gap": 0.01, "gap_end": 0.02, "gap_error": 0.1},
            {},
            "room",
            {"model.units": [128, 128]},
        ),
        (
            "good fit",
            {"learnt": 0.4, "gap": 0.01, "gap_end": 0.2, "gap_error": 0.1},
            {},
            "decay",
            {"schedule.name": "cosine"},
        ),
        ("good fit", {"learnt": 0.9, "turn": 12}, {}, "dropout", {"model.dropout": 0.2}),
    ],
)
def test_the_first_change_that_fits(
    verdict: str, evidence: dict[str, Any], changed: dict[str, Any], kind: str, patch: dict[str, Any]
) -> None:
    assert change(verdict, evidence, **changed) == (kind, patch)


def test_every_verdict_has_changes_and_every_kind_its_words() -> None:
    assert set(CHANGES) == set(VERDICTS)


def test_rates_of_a_schedule_change_with_it() -> None:
    cycle = {"schedule__name": "one_cycle", "schedule__max_learning_rate": 0.02}
    assert change("diverged", {}, **cycle)[1] == {
        "optimizer.learning_rate": 1e-4,
        "schedule.max_learning_rate": 0.002,
    }
    pieces = {"schedule__name": "piecewise", "schedule__boundaries": [5], "schedule__values": [1.0, 0.1]}
    assert change("diverged", {}, **pieces)[1] == {"schedule.values": [0.1, 0.01]}


def test_lists_per_layer_grow_with_the_layers() -> None:
    lists = {"model__units": [512, 512], "model__activation": ["relu", "tanh"], "model__dropout": [0.1, 0.2]}
    assert change("underfit", {"learnt": 0.1}, **lists)[1] == {
        "model.units": [512, 512, 512],
        "model.activation": ["relu", "tanh", "tanh"],
        "model.dropout": [0.1, 0.2, 0.2],
    }


def test_given_weights_are_left_alone() -> None:
    weights = [{"kernel": [[1.0] * 2] * 64}, {"kernel": [[1.0] * 10] * 2}]
    assert change("underfit", {"learnt": 0.1}, model__units=[2], model__weights=weights) == ("given_weights", {})


def test_a_patch_as_yaml() -> None:
    patch = {"fit.keep": "best", "fit.early_stopping": {"patience": 5}, "model.units": [4, 4]}
    assert patch_lines(patch) == [
        "fit:",
        "  keep: best",
        "  early_stopping:",
        "    patience: 5",
        "model:",
        "  units: [4, 4]",
    ]


# --- every patch is a config that holds ------------------------------------------------------------------------------


def check_child(folder: Path, spec_text: str, diagnosis: Diagnosis) -> str:
    """Writes the base and its child, loads the child; the kind of change."""
    (folder / "spec.yaml").write_text(spec_text)
    found = next_change(read_spec(folder / "spec.yaml"), diagnosis)
    assert found is not None
    assert all(said(f"verdict.{found.kind}", language) for language in ("en", "ko"))
    (folder / "child.yaml").write_text("\n".join(["base: spec.yaml", *patch_lines(found.patch), ""]))
    child = load(folder / "child.yaml").experiment.to_dict()
    if found.patch and found.kind != "hold_out":  # which a random spec may do already
        base = load(folder / "spec.yaml").experiment.to_dict()
        assert {**child, "name": ""} != {**base, "name": ""}
    return found.kind


@pytest.mark.parametrize("half", HALVES)
def test_labelled_runs(half: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlrun.spec.write import to_yaml

    monkeypatch.setenv("DLRUN_DATA", str(tmp_path))
    for name in ("titanic/train.csv", "california-housing/housing.csv"):  # what they hold is not asked for
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    for curve in recorded(half):
        text = to_yaml(load(None, (), curve.record["spec"]).experiment)
        check_child(tmp_path, text, diagnose(curve.record, curve.curves))  # type: ignore[arg-type]


shares = st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.9])
rates = st.sampled_from([1e-7, 1e-5, 1e-3, 0.1, 10.0])


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A random spec on digits or a generator."""
    units = draw(st.lists(st.integers(1, 600), max_size=5))
    per_layer = bool(units) and draw(st.booleans())
    name = draw(st.sampled_from(["adam", "sgd", "adamw", "rmsprop", "adadelta", "schedule_free_adamw"]))
    rate = draw(rates)
    schedule = draw(
        st.sampled_from(
            [
                {"name": "constant", "warmup_epochs": 2},
                {"name": "step"},
                {"name": "cosine"},
                {"name": "one_cycle", "max_learning_rate": rate * 3},
                {"name": "piecewise", "boundaries": [2], "values": [rate, rate / 10]},
                {"name": "reduce_lr_on_plateau", "patience": 2},
            ]
        )
    )
    folds = draw(st.sampled_from([None, 4]))
    return {
        "data": {
            "source": draw(st.sampled_from(["digits", "moons"])),
            "validation_split": 0.2 if folds else draw(st.sampled_from([0.0, 0.01, 0.2, 0.45])),
            "test_split": draw(st.sampled_from([0.0, 0.1, 0.5])),
            "folds": folds,
            "train_fraction": draw(st.sampled_from([1.0, 0.3, 0.01])),
        },
        "model": {
            "units": units,
            "widen": draw(st.integers(1, 3)),
            "deepen": draw(st.integers(1, 2)),
            "activation": ["tanh"] * len(units) if per_layer else "relu",
            "dropout": [draw(shares) for _ in units] if per_layer else draw(shares),
            "l1": draw(shares),
            "l2": draw(shares),
        },
        "optimizer": {"name": name, "learning_rate": rate, "clipvalue": draw(st.sampled_from([None, 0.5]))},
        "schedule": schedule,
        "fit": {
            "epochs": draw(st.sampled_from([3, 50, 900_000])),
            "early_stopping": draw(st.sampled_from([None, {"patience": 0}, {"patience": 9, "baseline": 1.0}])),
            "monitor": draw(st.sampled_from(["auto", "train_loss"])),
            "keep": draw(st.sampled_from(["best", "last"])),
        },
    }


@given(
    specs(),
    st.sampled_from(VERDICTS),
    st.fixed_dictionaries(
        {
            "learnt": st.sampled_from([None, -1.0, 0.0, 0.5]),
            "above_trivial": st.sampled_from([None, 0.5, 20.0]),
            "validation_rows": st.sampled_from([None, 5, 5000]),
            "noise_share": st.sampled_from([None, 1.0]),
            "turn": st.sampled_from([None, 1]),
            "kept_epoch": st.sampled_from([1, 3]),
            "gap": st.sampled_from([None, 0.0]),
            "gap_end": st.just(0.0),
            "gap_error": st.just(0.1),
        }
    ),
)
@settings(max_examples=60, deadline=None)
def test_random_specs(
    tmp_path_factory: pytest.TempPathFactory, spec: dict[str, Any], verdict: str, evidence: dict[str, Any]
) -> None:
    from dlrun.spec.write import to_yaml

    text = to_yaml(load(None, (), spec).experiment)
    folder = tmp_path_factory.getbasetemp() / f"specs-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    check_child(folder, text, Diagnosis(verdict, evidence))
