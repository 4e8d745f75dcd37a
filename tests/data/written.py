"""Small experiments and CSV files for tests."""

from dlrun.spec import Experiment


def experiment(**data):
    return Experiment.model_validate({"data": data})


def write(path, name="a.csv", rows=40, **columns):
    numbers = [7 * row % 41 for row in range(rows)]
    made = {"a": numbers, "c": ["u", "v"] * (rows // 2), "y": [0, 0, 1, 1] * (rows // 4), **columns}
    lines = [",".join(made), *(",".join(str(value) for value in row) for row in zip(*made.values(), strict=True))]
    (path / name).write_text("\n".join(lines) + "\n")
    return str(path / name)
