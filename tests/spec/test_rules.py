import pytest

from dlrun.spec import Experiment, Facts, auto_metrics, resolved_loss, rules_of_data
from dlrun.spec.layers import empty, lay
from dlrun.spec.load import build, read_chain
from dlrun.spec.rules import DATA_RULES, RULES, rules_of_spec

# A config that the rule objects to, what it says, and a config next to it that is fine.
SPEC = [
    (
        "keys_for_other_sources",
        "data: {source: iris, rows: 3}",
        "error: data.rows is for generators (and, or, nand, nor, xor, xnor, moons, circles, spirals, blobs); "
        "'iris' is none. Leave it out.",
        "data: {source: moons, rows: 3}",
    ),
    (
        "keys_for_other_sources",
        "data: {inline: {x: [[0]], y: [1]}, noise: 0.1}",
        "error: data.noise is for generators (and, or, nand, nor, xor, xnor, moons, circles, spirals, blobs); "
        "inline data is none. Leave it out.",
        "data: {source: xor, rows: 9, noise: 0.1}",
    ),
    (
        "keys_for_other_sources",
        "data: {source: moons, target: y}",
        "error: data.target is for data files; 'moons' is none. Leave it out.",
        "data: {source: people.csv, target: y, separator: ';', group: g, time: t}",
    ),
    (
        "validation_of_a_truth_table",
        "data: {source: xor}",
        "error: data.validation_split must be 0 for the truth table of xor: each of its 4 rows is needed to learn it. "
        "Or give data.rows and data.noise to scatter points around the corners.",
        "data: {source: xor, validation_split: 0}",
    ),
    (
        "validation_of_a_truth_table",
        "data: {source: and, rows: 4, noise: 0, validation_split: 0, folds: 2}",
        "error: data.folds must be null for the truth table of and: each of its 4 rows is needed to learn it. "
        "Or give data.rows and data.noise to scatter points around the corners.",
        "data: {source: and, rows: 4, noise: 0.1}",
    ),
    (
        "folds",
        "data: {source: people.csv, folds: 5, validation_split: 0.3}",
        "error: data.validation_split has no place beside data.folds: each fold is the validation rows of one run. "
        "Leave one of them out. Received: 0.3.",
        "data: {source: people.csv, folds: 5, validation_split: 0, group: g}",
    ),
    (
        "folds",
        "data: {source: people.csv, folds: 5, validation_source: people.csv}",
        "error: data.validation_source has no place beside data.folds: each fold is the validation rows of one run. "
        "Leave one of them out.",
        "data: {source: people.csv, folds: 5, test_source: people.csv}",
    ),
    (
        "folds",
        "data: {source: people.csv, folds: 5, time: day}",
        "error: data.folds cannot go with data.time: rows of the past would be validated with a net that knows later "
        "ones. Use data.validation_split, which holds out the latest rows.",
        "data: {source: people.csv, time: day}",
    ),
    (
        "initializer_and_activation",
        "model: {activation: [relu, tanh], kernel_initializer: he_normal}",
        "warning: model.kernel_initializer he_normal is made for ReLU; with tanh it starts with saturated units. "
        "Use glorot_uniform or glorot_normal.",
        "model: {activation: relu, kernel_initializer: he_normal}",
    ),
    (
        "initializer_and_activation",
        "model: {kernel_initializer: {name: constant, value: 0.5}}",
        "warning: model.kernel_initializer constant starts all units of a layer alike, and they stay alike. "
        "Use glorot_uniform or he_normal.",
        "model: {depth: 0, kernel_initializer: zeros}",
    ),
    (
        "initializer_of_biases",
        "model: {bias_initializer: orthogonal}",
        "error: model.bias_initializer orthogonal fills kernels, not biases. Use zeros.",
        "model: {bias_initializer: ones, kernel_initializer: orthogonal}",
    ),
    (
        "layers_that_cannot_learn",
        "model: {activation: step}",
        "warning: model.activation step has no gradient, so nothing below it learns. "
        "Give model.weights by hand, or use sigmoid.",
        "model: {activation: step}\nfit: {epochs: 0}",
    ),
    (
        "layers_that_cannot_learn",
        "model: {activation: linear, depth: 3}",
        "warning: model.activation linear layers stacked are one linear layer. Use relu or tanh to gain from depth.",
        "model: {activation: linear, depth: 0}",
    ),
    (
        "layers_that_cannot_learn",
        "model: {activation: [relu, softmax]}",
        "warning: model.activation softmax in a hidden layer makes its units compete; it belongs to the output.",
        "model: {activation: [relu, linear]}",
    ),
    (
        "averages",
        "optimizer: {name: adam, use_ema: true}",
        "error: optimizer.use_ema needs optimizer.ema_overwrite_frequency, in steps: without it the average takes the "
        "weights' place after the last epoch only, when the best one is chosen already.",
        "optimizer: {name: adam, use_ema: true, ema_overwrite_frequency: 10}",
    ),
    (
        "regularisation",
        "model: {l2: 0.1}\noptimizer: adamw",
        "warning: model.l2 adds to the weight_decay 0.004 of adamw: weights shrink twice. Keep one.",
        "model: {l2: 0.1}\noptimizer: {name: adamw, weight_decay: 0}",
    ),
    (
        "regularisation",
        "model: {l2: 0.1}\noptimizer: {name: adam, weight_decay: 0.5}",
        "warning: model.l2 adds to the weight_decay 0.5 of adam: weights shrink twice. Keep one.",
        "model: {l1: 0.1}\noptimizer: {name: adam, weight_decay: 0.5}",
    ),
    (
        "regularisation",
        "model: {depth: 0, dropout: 0.5}",
        "warning: model.dropout has no hidden layer to act on. Set model.depth to 1 or more.",
        "model: {depth: 0, dropout: 0}",
    ),
    (
        "regularisation",
        "model: {depth: 0, batch_normalization: true}",
        "warning: model.batch_normalization has no hidden layer to act on. Set model.depth to 1 or more.",
        "model: {depth: 1, batch_normalization: true}",
    ),
    (
        "regularisation",
        "model: {batch_normalization: true}\nfit: {batch_size: 1}",
        "warning: model.batch_normalization normalises a batch of 1 row to nothing. Use a larger fit.batch_size.",
        "model: {batch_normalization: true}\nfit: {batch_size: 2}",
    ),
    (
        "schedules",
        "schedule: {name: one_cycle, max_learning_rate: 0.0001}",
        "error: schedule.max_learning_rate must not be below optimizer.learning_rate 0.001. Received: 0.0001.",
        "schedule: {name: one_cycle, max_learning_rate: 0.001}",
    ),
    (
        "schedules",
        "schedule: {name: cosine, warmup_epochs: 50}",
        "error: schedule.warmup_epochs must be below fit.epochs 50. Received: 50.",
        "schedule: {name: cosine, warmup_epochs: 50}\nfit: {epochs: 51}",
    ),
    (
        "schedules",
        "schedule: {name: piecewise, boundaries: [9, 50], values: [1, 2, 3]}",
        "warning: schedule.boundaries has 50, but training ends after 50 epochs.",
        "schedule: {name: piecewise, boundaries: [9, 49], values: [1, 2, 3]}",
    ),
    (
        "schedules",
        "schedule: cosine\noptimizer: schedule_free_adamw",
        "warning: schedule is not needed: schedule_free_adamw is made to go without one.",
        "optimizer: schedule_free_adamw",
    ),
    (
        "patience",
        "schedule: {name: reduce_lr_on_plateau, patience: 5}\nfit: {early_stopping: {patience: 5}}",
        "warning: schedule.patience 5 is not below fit.early_stopping.patience 5: "
        "training stops before the rate falls.",
        "schedule: {name: reduce_lr_on_plateau, patience: 4}\nfit: {early_stopping: {patience: 5}}",
    ),
    (
        "patience",
        "schedule: {name: reduce_lr_on_plateau, patience: 50}",
        "warning: schedule.patience 50 is not below fit.epochs 50: the rate never falls.",
        "schedule: {name: reduce_lr_on_plateau, patience: 49}",
    ),
    (
        "patience",
        "fit: {early_stopping: {patience: 50}}",
        "warning: fit.early_stopping.patience 50 is not below fit.epochs 50: it never stops training.",
        "fit: {early_stopping: {patience: 49}}",
    ),
    (
        "patience",
        "fit: {early_stopping: {patience: 40, start_from_epoch: 10}}",
        "warning: fit.early_stopping.patience 40 after the first 10 epochs is not below fit.epochs 50: "
        "it never stops training.",
        "fit: {early_stopping: {patience: 40, start_from_epoch: 9}}",
    ),
    (
        "monitors_exist",
        "fit: {monitor: val_acc}",
        "error: fit.monitor must be a column of the curves, such as val_loss, train_loss, val_accuracy, "
        "train_accuracy. Received: 'val_acc'. Did you mean `val_accuracy`?",
        "fit: {monitor: val_accuracy}",
    ),
    (
        "monitors_exist",
        "data: {source: digits, validation_split: 0}\nfit: {early_stopping: {monitor: val_loss}}",
        "error: fit.early_stopping.monitor names 'val_loss', but no rows are held out. "
        "Use train_loss, or set data.validation_split.",
        "data: {source: digits, validation_split: 0, folds: 5}\nfit: {early_stopping: {monitor: val_loss}}",
    ),
    (
        "monitors_exist",
        "schedule: {name: reduce_lr_on_plateau, monitor: loss}",
        "error: schedule.monitor must say on which rows: val_loss or train_loss. Received: 'loss'.",
        "schedule: {name: reduce_lr_on_plateau, monitor: train_loss}",
    ),
    (
        "monitors_exist",
        "fit: {monitor: val_f1, metrics: [accuracy]}",
        "error: fit.monitor must be a column of the curves, such as val_loss, train_loss, val_accuracy, "
        "train_accuracy. Received: 'val_f1'.",
        "fit: {monitor: val_f1, metrics: [accuracy, f1]}",
    ),
    (
        "augmentation_of_nothing",
        "data: {source: digits, augmentation: {}}",
        "warning: data.augmentation names no change, so train rows stay as they are. Leave it out.",
        "data: {source: digits, augmentation: {noise: 0}}",
    ),
    (
        "mixup_of_single_rows",
        "data: {source: digits, augmentation: {mixup: 0.2}}\nfit: {batch_size: 1}",
        "warning: data.augmentation.mixup has no other row to mix with in batches of 1. Use a larger fit.batch_size.",
        "data: {source: digits, augmentation: {mixup: 0.2}}\nfit: {batch_size: 2}",
    ),
    (
        "augmentation_that_changes_the_class",
        "data: {source: digits, augmentation: {flip: horizontal}}",
        "warning: data.augmentation.flip mirrors digits: a mirrored 2 or 7 is no digit. Use rotation and shift.",
        "data: {source: fashion_mnist, augmentation: {flip: horizontal}}",
    ),
    (
        "augmentation_that_changes_the_class",
        "data: {source: mnist, augmentation: {rotation: 0.5}}",
        "warning: data.augmentation.rotation 0.5 of a turn makes a 9 of a 6. Digits bear about 0.05.",
        "data: {source: mnist, augmentation: {rotation: 0.05}}",
    ),
    (
        "augmentation_that_changes_the_class",
        "data: {source: digits, augmentation: {cutout: 1}}",
        "warning: data.augmentation.cutout 1 erases the whole of square images. Use 0.3, say.",
        "data: {source: digits, augmentation: {cutout: 0.5}}",
    ),
    (
        "monitors_exist",
        "sweep: {search: {name: tpe, monitor: val_los}, space: {model.width: [8]}}",
        "error: sweep.search.monitor must be a column of the curves, such as val_loss, train_loss, val_accuracy, "
        "train_accuracy. Received: 'val_los'. Did you mean `val_loss`?",
        "sweep: {search: {name: tpe}, space: {model.width: [8]}}",
    ),
]

BINARY, MANY, AMOUNT = (Facts(kind, 100, True) for kind in ("binary", "multiclass", "regression"))
NOTHING_HELD_OUT = Facts("multiclass", 100, False)
IMAGES = Facts("multiclass", 100, True, images=True)
CATEGORIES = Facts("multiclass", 100, True, numeric=False)
DATA = [
    *(
        (
            "augmentation_fits_the_rows",
            MANY,
            f"data: {{source: iris, augmentation: {{{key}: {value}}}}}",
            f"error: data.augmentation.{key} is for images; these rows are a table (of arrays only those of bytes, "
            "uint8, are images). For tables there are noise and mixup.",
            f"data: {{source: iris, augmentation: {{{key}: null, noise: 0.1, mixup: 0.2}}}}",
        )
        for key, value in {"flip": "vertical", "rotation": 0.1, "shift": 0.1, "zoom": 0.1, "cutout": 0.1}.items()
    ),
    (
        "augmentation_fits_the_rows",
        CATEGORIES,
        "data: {source: iris, augmentation: {noise: 0.1}}",
        "error: data.augmentation.noise has no column of numbers to act on: categories and truth values stay as they "
        "are. Use mixup.",
        "data: {source: iris, augmentation: {mixup: 0.1}}",
    ),
    (
        "augmentation_fits_the_rows",
        BINARY,
        "data: {source: moons, augmentation: {mixup: 0.2}}\nfit: {loss: hinge}",
        "error: data.augmentation.mixup makes targets between classes, which the loss hinge cannot take. "
        "Use a cross-entropy (fit.loss: auto).",
        "data: {source: moons, augmentation: {mixup: 0}}\nfit: {loss: hinge}",
    ),
    (
        "augmentation_fits_the_rows",
        MANY,
        "data: {source: iris, augmentation: {mixup: 0.2}}\nfit: {loss: categorical_hinge}",
        "error: data.augmentation.mixup makes targets between classes, which the loss categorical_hinge cannot take. "
        "Use a cross-entropy (fit.loss: auto).",
        "data: {source: iris, augmentation: {mixup: 0.2}}\nfit: {loss: kl_divergence}",
    ),
    (
        "metrics_fit_the_task",
        MANY,
        "fit: {metrics: [accuracy, r2]}",
        "error: fit.metrics r2 does not fit a classification task; these do: "
        "accuracy, auc, f1, balanced_accuracy, precision, recall, average_precision.",
        "fit: {metrics: [accuracy, f1]}",
    ),
    (
        "metrics_fit_the_task",
        AMOUNT,
        "fit: {metrics: [accuracy]}",
        "error: fit.metrics accuracy does not fit a regression task; these do: "
        "mean_absolute_error, root_mean_squared_error, r2.",
        "fit: {metrics: [r2]}",
    ),
    (
        "metrics_fit_the_task",
        AMOUNT,
        "fit: {monitor: val_accuracy}",
        "error: fit.monitor must be a column of the curves, such as val_loss, train_loss, val_mean_absolute_error, "
        "train_mean_absolute_error. Received: 'val_accuracy'.",
        "fit: {monitor: val_root_mean_squared_error}",
    ),
    (
        "metrics_fit_the_task",
        NOTHING_HELD_OUT,
        "fit: {monitor: val_loss}",
        "error: fit.monitor names 'val_loss', but no rows are held out. Use train_loss, or set data.validation_split.",
        "fit: {monitor: train_loss}",
    ),
    (
        "loss_fits_the_task",
        MANY,
        "fit: {loss: binary_crossentropy}",
        "error: fit.loss binary_crossentropy does not fit three classes or more; these do: categorical_crossentropy, "
        "categorical_focal_crossentropy, categorical_hinge, kl_divergence, sparse_categorical_crossentropy.",
        "fit: {loss: categorical_hinge}",
    ),
    (
        "loss_fits_the_task",
        BINARY,
        "fit: {loss: categorical_hinge}",
        "error: fit.loss categorical_hinge does not fit two classes; these do: binary_crossentropy, "
        "binary_focal_crossentropy, hinge, squared_hinge, mean_squared_error, mean_absolute_error, huber.",
        "fit: {loss: mse}",
    ),
    (
        "loss_fits_the_task",
        AMOUNT,
        "fit: {loss: hinge}",
        "error: fit.loss hinge does not fit regression; these do: huber, log_cosh, mean_absolute_error, "
        "mean_absolute_percentage_error, mean_squared_error, mean_squared_logarithmic_error, poisson.",
        "fit: {loss: huber}",
    ),
    (
        "loss_fits_the_task",
        MANY,
        "model: {output_activation: sigmoid}",
        "error: model.output_activation must be softmax for the loss sparse_categorical_crossentropy, "
        "which reads probabilities. Received: 'sigmoid'.",
        "model: {output_activation: sigmoid}\nfit: {loss: categorical_hinge}",
    ),
    (
        "loss_fits_the_task",
        BINARY,
        "model: {output_activation: linear}",
        "error: model.output_activation must be sigmoid or hard_sigmoid for the loss binary_crossentropy, "
        "which reads probabilities. Received: 'linear'.",
        "model: {output_activation: step}",
    ),
    (
        "loss_fits_the_task",
        BINARY,
        "model: {output_activation: softmax}\nfit: {loss: hinge}",
        "error: model.output_activation softmax over one output is always 1. Use sigmoid, or linear for numbers.",
        "model: {output_activation: tanh}\nfit: {loss: hinge}",
    ),
    (
        "loss_fits_the_task",
        AMOUNT,
        "model: {output_activation: sigmoid}",
        "warning: model.output_activation sigmoid cannot reach values far from the mean; regression wants linear.",
        "model: {output_activation: softplus}",
    ),
    (
        "only_for_classes",
        AMOUNT,
        "fit: {class_weight: balanced}",
        "error: fit.class_weight is for classification; this target is a number.",
        "fit: {class_weight: null}",
    ),
    (
        "only_for_classes",
        AMOUNT,
        "fit: {label_smoothing: 0.1}",
        "error: fit.label_smoothing is for classification; this target is a number.",
        "fit: {label_smoothing: 0}",
    ),
    (
        "only_for_classes",
        BINARY,
        "fit: {loss: hinge, label_smoothing: 0.1}",
        "error: fit.label_smoothing needs a cross-entropy loss. Received: hinge.",
        "fit: {label_smoothing: 0.1, class_weight: balanced}",
    ),
    (
        "batch_fits_the_rows",
        MANY,
        "fit: {batch_size: 101}",
        "warning: fit.batch_size 101 is more than the 100 train rows: every epoch is one step. `full` says so.",
        "fit: {batch_size: 100}",
    ),
    (
        "batch_fits_the_rows",
        Facts("binary", 4, False),
        "fit: {batch_size: 5}",
        "warning: fit.batch_size 5 is more than the 4 train rows: every epoch is one step. `full` says so.",
        "fit: {batch_size: full}",
    ),
]


def experiment_of(folder, text: str) -> Experiment:
    """The experiment of a config that need not pass the rules."""
    (folder / "people.csv").write_text("x,y\n1,2\n")
    (folder / "a.yaml").write_text(text if "data:" in text else f"data: {{source: digits}}\n{text}")
    return build(lay(empty(), read_chain(folder / "a.yaml", ())))


def said(findings) -> list[str]:
    return [f"{'error' if one.is_error else 'warning'}: {one.path} {one.text}" for one in findings]


@pytest.mark.parametrize(("rule", "bad", "text", "good"), SPEC)
def test_rules_of_a_config(rule, bad, text, good, tmp_path):
    experiment = experiment_of(tmp_path, bad)
    assert said(next(one for one in RULES if one.__name__ == rule)(experiment)) == [text]
    assert said(rules_of_spec(experiment)) == [text]
    assert said(rules_of_spec(experiment_of(tmp_path, good))) == []


@pytest.mark.parametrize(("rule", "facts", "bad", "text", "good"), DATA)
def test_rules_that_need_the_data(rule, facts, bad, text, good, tmp_path):
    experiment = experiment_of(tmp_path, bad)
    assert said(next(one for one in DATA_RULES if one.__name__ == rule)(experiment, facts)) == [text]
    assert said(rules_of_data(experiment, facts)) == [text]
    assert said(rules_of_data(experiment_of(tmp_path, good), facts)) == []


def test_every_rule_is_in_the_tables():
    assert {rule.__name__ for rule in RULES} == {row[0] for row in SPEC}
    assert {rule.__name__ for rule in DATA_RULES} == {row[0] for row in DATA}


def test_errors_come_first(tmp_path):
    text = "model: {depth: 0, dropout: 0.5}\nfit: {monitor: loss}\nschedule: {name: cosine, warmup_epochs: 99}"
    found = rules_of_spec(experiment_of(tmp_path, text))
    assert [one.is_error for one in found] == [True, True, False]


@pytest.mark.parametrize("facts", [BINARY, MANY, AMOUNT, NOTHING_HELD_OUT], ids=lambda facts: facts.kind)
def test_the_defaults_suit_every_task(facts, tmp_path):
    experiment = experiment_of(tmp_path, "data: {source: people.csv}")
    assert rules_of_spec(experiment) == []
    assert rules_of_data(experiment, facts) == []


def test_what_auto_stands_for(tmp_path):
    experiment = experiment_of(tmp_path, "seed: 0")
    assert {kind: resolved_loss(experiment, kind) for kind in ("binary", "multiclass", "regression")} == {
        "binary": "binary_crossentropy",
        "multiclass": "sparse_categorical_crossentropy",
        "regression": "mean_squared_error",
    }
    assert auto_metrics("binary") == auto_metrics("multiclass") == ("accuracy",)
    assert auto_metrics("regression") == ("mean_absolute_error", "root_mean_squared_error")
    assert resolved_loss(experiment_of(tmp_path, "fit: {loss: mae}"), "binary") == "mean_absolute_error"
