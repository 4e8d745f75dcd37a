"""The rows that a stored run was trained, validated and tested on, prepared as they were then."""

from __future__ import annotations

import json

from dlrun.data import Prepared
from dlrun.errors import DataError, UsageError
from dlrun.runner.run_data import RunData
from dlrun.runner.stored_run import AGAIN, StoredRun


def prepared_again(run: StoredRun, data: RunData) -> Prepared:
    """The rows of a run that is no ensemble, split and scaled as when it was trained.

    Args:
        data: prepares each split once for all runs that share it.

    Raises:
        DataError: the data are not there, or have changed since.
        UsageError: another version of dlrun understood them in another way.
    """
    prepared = data.of(run.experiment, run.record.get("fold"))
    origin = run.record.get("data", {})
    shown = str(origin.get("source", run.experiment.data.source))
    if prepared.fingerprint != origin.get("fingerprint"):
        raise DataError(
            f"{shown}: the data have changed since {run.name} was trained, so its test rows cannot be told from its "
            "train rows. Train it again, or give a labelled file"
        )
    if not same_features(prepared.preprocessing, run.preprocessing.to_json()):
        raise UsageError(
            f"{run.name} was trained by another version of dlrun, which understood {shown} in another way. {AGAIN}"
        )
    return prepared


def same_features(one: object, other: object) -> bool:
    """Whether two preprocessings turn rows into the same inputs."""
    parts = [json.loads(json.dumps(document)) for document in (one, other)]
    return bool(parts[0]["features"] == parts[1]["features"] and parts[0]["scaling"] == parts[1]["scaling"])
