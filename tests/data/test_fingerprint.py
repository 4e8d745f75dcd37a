import shutil
import subprocess
import sys

import pytest

from dlrun.data import fingerprint, prepare
from dlrun.errors import DataError
from dlrun.spec import Data, Experiment

CONTENT = "a,y\n" + "".join(f"{n},{n % 2}\n" for n in range(20))


def experiment(**data):
    return Experiment.model_validate({"data": data})


@pytest.mark.parametrize(
    "data", [{"source": "iris"}, {"source": "xor", "validation_split": 0.25}, {"source": "spirals", "rows": 50}]
)
def test_the_same_as_in_the_prepared_data(data):
    spec = experiment(**data)
    assert fingerprint(spec.data) == prepare(spec).fingerprint
    assert len(fingerprint(spec.data)) == 64


def test_of_content_not_of_paths(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "sub.csv"
    first.write_text(CONTENT)
    shutil.copy(first, second)
    same = {fingerprint(Data(source=str(path), target="y")) for path in (first, second)}
    assert len(same) == 1
    assert prepare(experiment(source=str(first), target="y")).fingerprint in same
    second.write_text(CONTENT.replace("19,1", "19,0"))
    assert fingerprint(Data(source=str(second))) not in same


def test_all_different():
    inline = [{"x": [[0], [1]], "y": y} for y in ([0, 1], [1, 0], ["0", "1"])]
    specs = [
        *({"source": name} for name in ("digits", "iris", "xor", "xnor", "and", "spirals")),
        *({"inline": rows} for rows in inline),
        {"source": "spirals", "rows": 999},
        {"source": "spirals", "noise": 0.2},
        {"source": "spirals", "split_seed": 1},
    ]
    assert len({fingerprint(Data.model_validate(spec)) for spec in specs}) == len(specs)


def test_every_file_counts_in_its_role(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(CONTENT)
    roles = [{}, {"validation_source": str(path)}, {"test_source": str(path)}]
    assert len({fingerprint(Data(source=str(path), **role)) for role in roles}) == 3


def test_what_only_splits_or_scales_does_not_count():
    plain = fingerprint(Data(source="iris"))
    for keys in ({"scaling": "minmax"}, {"validation_split": 0.5}, {"split_seed": 7}, {"exclude": (0,)}):
        assert fingerprint(Data(source="iris", **keys)) == plain


def test_a_file_that_is_not_there():
    with pytest.raises(
        DataError, match=r"data\.validation_source: no file and no built-in data set is called 'no\.csv'"
    ):
        fingerprint(Data(source="iris", validation_source="no.csv"))


def test_loads_no_heavy_library(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(CONTENT)
    code = (
        "import sys; from dlrun.data import fingerprint, prepare; from dlrun.spec import Data, Experiment;"
        f"fingerprint(Data(source={str(path)!r})); fingerprint(Data(source='digits'));"
        "prepare(Experiment.model_validate({'data': {'source': 'digits'}}));"
        "print([name for name in ('pandas', 'sklearn', 'scipy', 'keras', 'tensorflow', 'jax') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
