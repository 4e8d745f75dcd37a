"""What a run would be, found without training: layers, rows, steps, id."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dlrun.data import Prepared, prepare
from dlrun.runner.train import facts_of, folds_of
from dlrun.spec import Experiment, Facts, changed, resolved_loss, run_id
from dlrun.spec.augmentation import acting
from dlrun.spec.write import dump
from dlrun.training import output_activation
from dlrun.training.layer_table import LayerRow, Steps, layer_table, steps


@dataclass(frozen=True)
class Preview:
    """Plain facts about a run that has not been trained; with `data.folds`, about that of the first fold."""

    id: str
    experiment: Experiment
    data: Prepared
    facts: Facts
    layers: list[LayerRow]
    steps: Steps
    ids: tuple[str, ...]
    """The id of every run that one seed gives: one, or one per fold."""

    @property
    def trainable(self) -> int:
        """Weights that training changes."""
        return sum(row.trainable for row in self.layers)

    @property
    def fixed(self) -> int:
        return sum(row.fixed for row in self.layers)

    def spec_lines(self, full: bool) -> list[str]:
        """The experiment as YAML: all of it, or what differs from the defaults."""
        content = self.experiment.to_dict() if full else changed(self.experiment)
        lines = dump(content).rstrip().split("\n")
        return lines if full else [*lines, "# all other keys have their defaults; --full shows them"]

    def summary_lines(self) -> list[str]:
        data, task = self.data, self.data.task
        held_out = f"{len(data.validation):,} validation" if data.validation else "no validation"
        tested = f", {len(data.test):,} test" if data.test else ""
        what = "number" if task.kind == "regression" else f"one of {len(task.classes)} classes"
        folds = self.experiment.data.folds
        held = f" (fold 1 of {folds}; one run per fold)" if folds else ""
        return [
            f"parameters: {self.trainable:,} trained" + (f", {self.fixed:,} running statistics" if self.fixed else ""),
            f"task: {task.target} ({what}) from {len(data.feature_names):,} features, loss {self.loss}",
            f"rows: {len(data.train):,} train, {held_out}{tested}{held}",
            *self._changed_rows(),
            f"steps: {self.steps.per_epoch:,} per epoch in batches of {self.steps.batch_size:,}, "
            f"{self.steps.in_all:,} in {self.experiment.fit.epochs:,} epochs",
        ]

    def _changed_rows(self) -> list[str]:
        """What augmentation does to train rows."""
        wanted, given = acting(self.experiment.data), self.experiment.data.augmentation
        if given is None or not wanted:
            return []
        keys = ", ".join(f"{key} {getattr(given, key)}" for key in wanted)
        numeric = self.data.numeric
        some = numeric is not None and "noise" in wanted
        inputs = f"; noise on {int(numeric.sum())} of {len(numeric)} inputs" if some and numeric is not None else ""
        return [f"augmentation: {keys}; while training only, no loss is measured with it{inputs}"]

    @property
    def loss(self) -> str:
        return resolved_loss(self.experiment, self.data.task.kind)

    def to_json(self, status: str) -> dict[str, Any]:
        data = self.data
        return {
            "id": self.id,
            "ids": list(self.ids),
            "name": self.experiment.name,
            "status": status,
            "spec": self.experiment.to_dict(),
            "loss": self.loss,
            "task": data.task.kind,
            "classes": list(data.task.classes),
            "features": len(data.feature_names),
            "rows": {
                "train": len(data.train),
                "validation": len(data.validation) if data.validation else 0,
                "test": len(data.test) if data.test else 0,
            },
            "layers": [asdict(row) for row in self.layers],
            "parameters": self.trainable,
            "steps": asdict(self.steps),
            "notes": list(data.notes),
        }


def preview(experiment: Experiment, backend: str) -> Preview:
    """Reads the data and counts; loads no Keras.

    Raises:
        DataError: the data cannot be read or split.
    """
    folds = folds_of(experiment)
    data = prepare(experiment, folds[0])
    ids = tuple(run_id(experiment, data.fingerprint, backend, fold) for fold in folds)
    model, task = experiment.model, data.task
    layers = layer_table(model, len(data.feature_names), task.outputs, output_activation(experiment, task))
    return Preview(
        ids[0],
        experiment,
        data,
        facts_of(data),
        layers,
        steps(experiment, len(data.train)),
        ids,
    )
