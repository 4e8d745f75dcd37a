import json

import pytest
from hypothesis import given, settings

from dlrun.spec import Experiment, changed, flat, run_id
from dlrun.spec.identity import ID_LENGTH
from tests.spec.experiments import trees
from tests.spec.written import loaded

FULL = """
seed: 7
data: {source: iris, validation_split: 0.3, split_seed: 2, train_fraction: 0.5, scaling: minmax}
model:
  units: [8, 4]
  widen: 2
  deepen: 2
  activation: [relu, tanh]
  dropout: [0.1, 0.2]
  batch_normalization: true
  kernel_initializer: {name: random_normal, stddev: 0.5}
  l2: 1e-4
optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9, clipnorm: 1}
schedule: {name: reduce_lr_on_plateau, patience: 3}
fit: {epochs: 9, batch_size: full, early_stopping: {patience: 4}, class_weight: {a: 2}, precision: float64}
"""

# Frozen: runs in the stores of users are named by these. Where a change breaks one, every stored run becomes a stranger
# and is trained again. A new key leaves them as they are while it has its default.
FROZEN = {
    "seed: 0": "242c7f846f18",
    "seed: 1": "3c768c3e8815",
    "model: {width: 256}": "138e98c3c6b2",
    "model: {units: [8, 4], activation: [relu, tanh]}": "4a18a10e4339",
    "model: {depth: 0}": "bf928956c7cc",
    "optimizer: sgd": "76a214bc2356",
    "schedule: {name: cosine, warmup_epochs: 3}": "60d6749083e1",
    "fit: {epochs: 100, early_stopping: {}}": "ad809756e366",
    FULL: "ddd6e907b54e",
}


def identity(experiment: Experiment, data: str = "d1", backend: str = "jax", fold: int | None = None) -> str:
    return run_id(experiment, data, backend, fold)


@pytest.mark.parametrize("text", FROZEN)
def test_ids_are_frozen(text, tmp_path):
    assert run_id(loaded(tmp_path, text), "0" * 64, "tensorflow", None) == FROZEN[text]


ALIKE = [
    ("name: a", "name: b"),
    ("seed: 1\nfit: {epochs: 3, batch_size: 8}", "fit: {batch_size: 8, epochs: 3}\nseed: 1"),
    ("model: {width: 16, depth: 3}", "model: {units: [16, 16, 16]}"),
    ("model: {width: 64}", "model: {}"),
    ("model: {units: [8, 4], deepen: 2}", "model: {units: [8, 8, 4, 4]}"),
    ("model: {units: [8, 4], widen: 3}", "model: {units: [24, 12]}"),
    (
        "model: {units: [8, 4], deepen: 2, dropout: [0, 0.5], activation: [relu, tanh]}",
        "model: {units: [8, 8, 4, 4], dropout: [0, 0, 0.5, 0.5], activation: [relu, relu, tanh, tanh]}",
    ),
    ("model: {dropout: [0.5, 0.5], activation: [tanh, tanh]}", "model: {dropout: 0.5, activation: tanh}"),
    ("model: {dropout: [0, 0]}", "seed: 0"),
    ("model: {depth: 0, activation: tanh, dropout: 0.5}", "model: {units: []}"),
    ("model: {kernel_initializer: {name: he_normal}}", "model: {kernel_initializer: he_normal}"),
    ("model: {l2: 0, l1: 1}", "model: {l2: 0.0, l1: 1.0}"),
    ("optimizer: adam", "optimizer: {name: adam}"),
    ("optimizer: {learning_rate: 0.5}", "optimizer: {name: adam, learning_rate: 0.5}"),
    ("optimizer: {name: sgd, learning_rate: 1}", "optimizer: {learning_rate: 1.0, name: sgd, momentum: 0}"),
    ("schedule: {name: exponential, decay_epochs: 10}", "schedule: exponential"),
    ("fit: {loss: mse, class_weight: {0: 1, 1: 2}}", "fit: {class_weight: {1: 2.0, 0: 1}, loss: mean_squared_error}"),
    ("fit: {early_stopping: {}}", "fit: {early_stopping: {patience: 0}}"),
    ("fit: {epochs: 10, early_stopping: null}", "fit: {epochs: 0o12}"),
    ("sweep: {grid: {model.width: [8]}}", "seed: 0"),
    ("model:\nfit:\nsweep:", "seed: 0"),
    ("data: {source: digits, augmentation: {}}", "seed: 0"),
    ("data: {source: digits, augmentation: {noise: 0, rotation: 0.0}}", "seed: 0"),
    (
        "data: {source: digits, augmentation: {noise: 0.1, mixup: 0}}",
        "data: {source: digits, augmentation: {noise: 0.1}}",
    ),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_experiment_has_the_same_id(one, other, tmp_path):
    assert identity(loaded(tmp_path, one)) == identity(loaded(tmp_path, other))


DIFFERENT = [
    "seed: 0",
    "seed: 1",
    "data: {source: digits, validation_split: 0.25}",
    "data: {source: digits, test_split: 0.1}",
    "data: {source: digits, split_seed: 1}",
    "data: {source: digits, train_fraction: 0.5}",
    "data: {source: digits, scaling: minmax}",
    "data: {source: digits, task: regression}",
    "data: {source: digits, folds: 5}",
    "data: {source: digits, exclude: [x1]}",
    "data: {source: digits, features: [x1]}",
    "data: {source: digits, augmentation: {noise: 0.1}}",
    "data: {source: digits, augmentation: {rotation: 0.1}}",
    "data: {source: digits, augmentation: {noise: 0.1, mixup: 0.1}}",
    "model: {width: 32}",
    "model: {depth: 3}",
    "model: {depth: 0}",
    "model: {units: [64, 32]}",
    "model: {units: [32, 64]}",
    "model: {activation: tanh}",
    "model: {activation: [relu, tanh]}",
    "model: {dropout: 0.1}",
    "model: {dropout: [0.1, 0]}",
    "model: {batch_normalization: true}",
    "model: {kernel_initializer: he_normal}",
    "model: {kernel_initializer: {name: random_normal, stddev: 0.5}}",
    "model: {bias_initializer: ones}",
    "model: {use_bias: false}",
    "model: {l1: 0.1}",
    "model: {l2: 0.1}",
    "model: {output_activation: softmax}",
    "optimizer: sgd",
    "optimizer: {name: sgd, momentum: 0.9}",
    "optimizer: adamw",
    "optimizer: {learning_rate: 0.01}",
    "optimizer: {clipnorm: 1}",
    "optimizer: {global_clipnorm: 1}",
    "schedule: cosine",
    "schedule: {name: cosine, alpha: 0.1}",
    "schedule: {name: cosine, warmup_epochs: 3}",
    "schedule: reduce_lr_on_plateau",
    "fit: {epochs: 51}",
    "fit: {batch_size: 33}",
    "fit: {batch_size: full}",
    "fit: {early_stopping: {}}",
    "fit: {early_stopping: {patience: 3}}",
    "fit: {monitor: val_accuracy}",
    "fit: {keep: last}",
    "fit: {metrics: [f1]}",
    "fit: {loss: categorical_hinge}",
    "fit: {class_weight: balanced}",
    "fit: {class_weight: {'1': 2}}",
    "fit: {label_smoothing: 0.1}",
    "fit: {precision: float64}",
]


def test_every_key_that_decides_the_numbers_makes_another_id(tmp_path):
    ids = {text: identity(loaded(tmp_path, text)) for text in DIFFERENT}
    assert len(set(ids.values())) == len(DIFFERENT)
    assert all(len(one) == ID_LENGTH and int(one, 16) >= 0 for one in ids.values())


def test_data_backend_and_fold_are_part_of_it(tmp_path):
    experiment = loaded(tmp_path, "seed: 0")
    ids = {identity(experiment), identity(experiment, data="d2"), identity(experiment, backend="tensorflow")}
    ids |= {identity(experiment, fold=0), identity(experiment, fold=1)}
    assert len(ids) == 5


def test_where_the_data_lie_is_not_part_of_it(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("t.csv", "sub/u.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    one, other = (loaded(tmp_path, f"data: {{source: {name}}}") for name in ("t.csv", "sub/u.csv"))
    assert identity(one) == identity(other)


def test_inheritance_leaves_no_trace(tmp_path):
    written_out = loaded(tmp_path, "model: {units: [9, 9, 9]}\noptimizer: {name: sgd, learning_rate: 0.3}")
    inherited = loaded(
        tmp_path, "model: {width: 5, depth: 3}\noptimizer: {learning_rate: 0.3}", "model: {width: 9}", "optimizer: sgd"
    )
    assert identity(inherited) == identity(written_out)


@settings(max_examples=100, deadline=None)
@given(trees)
def test_the_id_is_a_function_of_the_values(tree):
    experiment = Experiment.model_validate(tree)
    shuffled = dict(reversed(json.loads(json.dumps(tree)).items()))
    again = Experiment.model_validate(experiment.to_dict() | {"name": "another"})
    assert identity(experiment) == identity(Experiment.model_validate(shuffled)) == identity(again)
    assert identity(experiment.with_seed(experiment.seed + 1)) != identity(experiment)


def test_changed_and_flat_give_what_differs_from_the_defaults(tmp_path):
    got = loaded(
        tmp_path, "model: {width: 8, depth: 1}\noptimizer: {learning_rate: 0.5}\nfit: {early_stopping: {patience: 2}}"
    )
    assert flat(changed(got)) == {
        "name": "0",
        "data.source": "digits",
        "model.units": [8],
        "optimizer.name": "adam",
        "optimizer.learning_rate": 0.5,
        "schedule.name": "constant",
        "fit.early_stopping.patience": 2,
    }
