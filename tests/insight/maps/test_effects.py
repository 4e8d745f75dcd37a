"""Effects against textbook formulas, scipy and scikit-learn."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression

from dlrun.errors import UsageError
from dlrun.insight.figures import effects as figure
from dlrun.insight.maps.documents import effects_document
from dlrun.insight.maps.effect import Effects, KeyEffect
from dlrun.insight.maps.effect_findings import findings
from dlrun.insight.maps.effects import MOST_KEYS_OF_PAIRS, effects
from dlrun.insight.maps.effects_terminal import effect_lines
from tests.insight.maps.made import made

WIDTHS, DROPS = (16, 32, 64), (0.0, 0.5)


def grid(seeds: int = 4, spread: float = 0.05, interaction: float = 0.0, seed: int = 1) -> np.ndarray:
    """Values (width, dropout, seed) with known effects."""
    random = np.random.default_rng(seed)
    width, drop = np.array([0.3, 0.0, -0.2])[:, None, None], np.array([0.1, -0.1])[None, :, None]
    both = interaction * np.array([[1.0, -1.0], [0.0, 0.0], [-1.0, 1.0]])[:, :, None]
    return 1.0 + width + drop + both + random.normal(0, spread, (3, 2, seeds))


def rows_of(values: np.ndarray) -> list[tuple[dict[str, float], list[float]]]:
    return [
        ({"model.width": width, "model.dropout": drop}, list(values[i, j]))
        for (i, width), (j, drop) in itertools.product(enumerate(WIDTHS), enumerate(DROPS))
    ]


def key(found: Effects, name: str) -> KeyEffect:
    return next(one for one in found.keys if one.key == name)


def test_a_full_grid_gives_the_plain_marginal_means() -> None:
    values = grid()
    found = effects(made(rows_of(values)), log=False)
    assert [level.mean for level in key(found, "model.width").levels] == pytest.approx(list(values.mean(axis=(1, 2))))
    assert [level.mean for level in key(found, "model.dropout").levels] == pytest.approx(list(values.mean(axis=(0, 2))))
    assert found.full_grid
    assert (found.configurations, found.runs) == (6, 24)


def test_two_way_analysis_of_variance_by_hand() -> None:
    """Sums of squares by the textbook's formulas, seeds that nobody shares as replicates, p-values by scipy."""
    values = grid(interaction=0.05)
    seeds = values.shape[2]
    all_mean, cells = values.mean(), values.mean(axis=2)
    by_width = 2 * seeds * ((values.mean(axis=(1, 2)) - all_mean) ** 2).sum()
    by_drop = 3 * seeds * ((values.mean(axis=(0, 2)) - all_mean) ** 2).sum()
    between = seeds * ((cells - all_mean) ** 2).sum()
    both = between - by_width - by_drop
    within = ((values - cells[:, :, None]) ** 2).sum()
    freedom = 6 * (seeds - 1)
    found = effects(made(rows_of(values), same_seeds=False), log=False)
    for name, squares, degrees in (("model.width", by_width, 2), ("model.dropout", by_drop, 1)):
        one = key(found, name)
        assert one.share == pytest.approx(squares / between)
        assert one.p == pytest.approx(stats.f.sf(squares / degrees / (within / freedom), degrees, freedom), rel=1e-9)
    (pair,) = found.pairs
    assert pair.share == pytest.approx(both / between)
    assert pair.ratio == pytest.approx(both / 2 / (within / freedom))
    assert pair.p == pytest.approx(stats.f.sf(both / 2 / (within / freedom), 2, freedom), rel=1e-9)
    assert pair.beyond_noise


def test_two_levels_with_shared_seeds_are_a_paired_t_test() -> None:
    random = np.random.default_rng(3)
    left, right = random.normal(1.0, 0.1, 6), random.normal(1.1, 0.1, 6)
    found = effects(made([({"model.l2": 0.0}, list(left)), ({"model.l2": 0.1}, list(right))]), log=False)
    (one,) = found.keys
    expected = stats.ttest_rel(left, right)
    low, high = expected.confidence_interval(0.95)
    assert (one.best, one.change) == (0, pytest.approx(left.mean() - right.mean()))
    assert (one.change_low, one.change_high) == (pytest.approx(low), pytest.approx(high))
    assert one.p == pytest.approx(expected.pvalue)


def test_one_key_without_shared_seeds_is_a_one_way_analysis() -> None:
    random = np.random.default_rng(4)
    groups = [random.normal(mean, 0.2, 5) for mean in (1.0, 1.1, 1.5)]
    rows = [({"model.width": width}, list(values)) for width, values in zip(WIDTHS, groups, strict=True)]
    (one,) = effects(made(rows, same_seeds=False), log=False).keys
    assert one.p == pytest.approx(stats.f_oneway(*groups).pvalue)
    assert one.share == pytest.approx(1.0)


def test_an_unbalanced_design_has_the_means_of_scikit_learns_model() -> None:
    """Levels' means are the model's predictions, averaged over the other key's levels in equal parts."""
    values = grid(seeds=1)
    rows = [row for place, row in enumerate(rows_of(values)) if place != 4]  # one cell is missing
    found = effects(made(rows), log=False)
    design = np.array([[settings["model.width"] == w for w in WIDTHS] + [settings["model.dropout"] == d for d in DROPS]
                       for settings, _ in rows], float)  # fmt: skip
    model = LinearRegression().fit(design, [value[0] for _, value in rows])

    def mean_at(level: int) -> float:
        both = [np.eye(3)[level].tolist() + np.eye(2)[drop].tolist() for drop in (0, 1)]
        return float(model.predict(np.array(both)).mean())

    assert [level.mean for level in key(found, "model.width").levels] == pytest.approx([mean_at(i) for i in range(3)])
    assert not found.full_grid
    assert found.noise.said.key == "maps.noise_residuals"


def test_losses_are_fitted_as_logarithms() -> None:
    values = grid()
    found = effects(made(rows_of(values)))
    assert found.log
    geometric = np.exp(np.log(values).mean(axis=(1, 2)))
    one = key(found, "model.width")
    assert [level.mean for level in one.levels] == pytest.approx(list(geometric))
    assert one.change == pytest.approx(geometric.min() / geometric.max())
    assert one.change_low is not None
    assert one.change_high is not None
    assert 0 < one.change_low < one.change < one.change_high < 1


@pytest.mark.parametrize(("monitor", "lowest"), [("val_accuracy", 0.5), ("val_loss", -0.5)])
def test_accuracies_and_losses_below_zero_stay_as_they_are(monitor: str, lowest: float) -> None:
    rows = [({"model.width": width}, [lowest + width / 100, lowest]) for width in WIDTHS]
    found = effects(made(rows, monitor))
    assert not found.log
    assert found.keys[0].best == (2 if monitor == "val_accuracy" else 0)


def test_log_needs_values_above_zero() -> None:
    with pytest.raises(UsageError, match="--log: needs values above 0"):
        effects(made([({"model.width": 16}, [-0.5]), ({"model.width": 32}, [0.5])]), log=True)


def test_noise_alone_is_called_noise() -> None:
    random = np.random.default_rng(5)
    values = random.normal(1.0, 0.1, (3, 2, 3))
    found = effects(made(rows_of(values)), log=False)
    assert [one.beyond_noise for one in found.keys] == [False, False]
    assert "no effect beyond noise" in findings(found)[0].text()
    assert "No pair of keys interacts beyond noise" in findings(found)[-1].text()


@pytest.mark.parametrize("same_seeds", [True, False])
def test_false_alarms_are_as_rare_as_promised(same_seeds: bool) -> None:
    """150 grids without any effect, 5 seeds: 300 keys and 150 pairs, of which about 5 % may be called."""
    keys = pairs = 0
    random = np.random.default_rng(6)
    for _ in range(150):
        values = 1.0 + random.normal(0, 0.1, (3, 2, 5)) + random.normal(0, 0.2, 5) * same_seeds
        found = effects(made(rows_of(values), same_seeds=same_seeds), log=False)
        keys += sum(bool(one.beyond_noise) for one in found.keys)
        pairs += bool(found.pairs[0].beyond_noise)
    assert keys <= stats.binom.ppf(0.999, 300, 0.05)
    assert pairs <= stats.binom.ppf(0.999, 150, 0.05)


def test_a_random_search_finds_the_key_that_matters() -> None:
    random = np.random.default_rng(7)
    rows = []
    for _ in range(60):
        rate, drop = 10 ** random.uniform(-4, -1), random.uniform(0, 0.6)
        loss = 0.1 * math.exp(0.8 * (math.log10(rate) + 2.5) ** 2 + random.normal(0, 0.1))
        rows.append(({"optimizer.learning_rate": rate, "model.dropout": drop}, [loss]))
    found = effects(made(rows))
    first, second = found.keys
    assert (first.key, first.beyond_noise, second.beyond_noise) == ("optimizer.learning_rate", True, False)
    assert first.ranges
    assert [level.configurations for level in first.levels] == [12] * 5
    assert abs(math.log10(first.levels[first.best].value) + 2.5) < 0.4
    assert first.share > 0.7 > 0.2 > second.share
    assert len(first.points) == 60


def test_several_seeds_of_a_random_search_do_not_hide_what_ranges_hide() -> None:
    """The spread inside a range is no noise of seeds: intervals must cover it."""
    random = np.random.default_rng(8)
    rows = [
        ({"optimizer.learning_rate": 10 ** random.uniform(-4, -1)}, [v := random.normal(1, 0.3), v]) for _ in range(20)
    ]
    found = effects(made(rows), log=False)
    assert found.noise.said.key == "maps.noise_residuals"
    assert not found.keys[0].beyond_noise


def test_diverged_configurations_are_left_out_and_counted() -> None:
    rows = [({"optimizer.learning_rate": rate, "model.width": width}, [rate + width / 100, rate + width / 100 + 0.01])
            for rate in (0.01, 0.1) for width in WIDTHS]  # fmt: skip
    rows[-1] = (rows[-1][0], [None, None])
    found = effects(made(rows))
    assert (found.lost, found.configurations, found.full_grid) == (1, 5, False)
    assert [level.lost for level in key(found, "optimizer.learning_rate").levels] == [0, 1]
    assert any("1 of 6 configurations came to no number" in note.text() for note in found.notes)


def test_keys_that_change_together_are_not_told_apart() -> None:
    rows = [({"model.width": width, "model.dropout": width / 100, "model.l2": l2}, [width / 64 + l2, width / 64])
            for width in WIDTHS for l2 in (0.0, 0.1)]  # fmt: skip
    found = effects(made(rows), log=False)
    assert {one.key: one.told_apart for one in found.keys} == {
        "model.width": False,
        "model.dropout": False,
        "model.l2": True,
    }
    assert any("cannot be told apart: width, dropout" in note.text() for note in found.notes)


def test_a_single_run_per_level_has_no_interval() -> None:
    found = effects(made([({"model.width": width}, [1 / width]) for width in WIDTHS]))
    (one,) = found.keys
    assert (one.change_low, one.p, one.beyond_noise) == (None, None, None)
    assert "no interval to judge it by" in findings(found)[0].text()


def test_choices_are_levels_like_any_other() -> None:
    rows = [({"model.activation": name, "model.batch_normalization": flag}, [base + flag / 10, base + flag / 10 + 0.01])
            for name, base in (("tanh", 0.5), ("relu", 0.4)) for flag in (False, True)]  # fmt: skip
    found = effects(made(rows))
    assert [level.label for level in key(found, "model.activation").levels] == ["relu", "tanh"]
    assert [level.label for level in key(found, "model.batch_normalization").levels] == ["false", "true"]
    assert not key(found, "model.activation").in_order


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(UsageError, match="one configuration alone"):
        effects(made([({}, [0.5])]))
    with pytest.raises(UsageError, match=r"two configurations that came to a number\. 1 of 2 did"):
        effects(made([({"model.width": 16}, [0.5]), ({"model.width": 32}, [None])]))


def test_the_document_is_plain() -> None:
    document = effects_document(effects(made(rows_of(grid()))), "ko")
    assert [one["key"] for one in document["keys"]] == ["model.width", "model.dropout"]
    assert document["keys"][0]["best"] == "64"
    assert document["keys"][0]["beyond_noise"] is True
    assert "points" not in document["keys"][0]
    assert list(document["pairs"][0]["keys"]) == ["model.width", "model.dropout"]


def test_of_very_many_keys_the_pairs_of_the_leading_ones_are_looked_at() -> None:
    random = np.random.default_rng(5)
    settings = random.integers(0, 2, (80, 40))
    values = 1.0 + settings[:, :13] @ np.linspace(1.0, 0.1, 13) + random.normal(0, 0.01, 80)
    rows = [
        ({f"model.k{place}": int(chosen) for place, chosen in enumerate(one)}, [float(value)])
        for one, value in zip(settings, values, strict=True)
    ]
    found = effects(made(rows), log=False)
    among = {name for pair in found.pairs for name in pair.keys}
    assert len(found.keys) == 40
    assert len(among) == MOST_KEYS_OF_PAIRS
    assert among == {one.key for one in found.keys[:MOST_KEYS_OF_PAIRS]}
    assert any("12 of 40 keys" in note.text() for note in found.notes)


def one_degree_of_freedom(spread: float) -> Effects:
    """Six configurations and five parameters, values that spread over e^spread: one degree of freedom is left."""
    cells = ((0, 0, 0.0), (1, 0, 1.0), (2, 0, -1.0), (3, 0, 0.5), (0, 1, 1.0), (1, 1, -1.0))
    rows = [({"model.width": 2**w, "model.l2": l2}, [math.exp(spread * value)]) for w, l2, value in cells]
    return effects(made(rows))


@pytest.mark.parametrize("spread", [1.0, 10.0, 12.0, 15.0, 20.0, 40.0, 100.0])
def test_intervals_beyond_every_number_are_none(spread: float) -> None:
    """One degree of freedom: the corrected t of six pairs is 76, and its interval a ratio that overflows."""
    found = one_degree_of_freedom(spread)
    assert found.noise.freedom == 1
    ends = [(one.change_low, one.change_high) for one in found.keys]
    ends += [(level.low, level.high) for one in found.keys for level in one.levels]
    assert all(low is high is None or 0 < low < high < math.inf for low, high in ends)
    json.dumps(effects_document(found), allow_nan=False)
    assert effect_lines(found, 80, color=False)
    assert findings(found)
    json.dumps(figure.chart(found).to_dict(), allow_nan=False)


def test_an_interval_that_overflows_leaves_its_effect_unknown() -> None:
    one = key(one_degree_of_freedom(40.0), "model.width")
    assert (one.change_low, one.change_high, one.beyond_noise) == (None, None, None)
    assert {(level.low, level.high) for level in one.levels} == {(None, None)}


def test_splits_of_one_seed_are_units_of_their_own() -> None:
    """The second split is harder for both levels: a block, not noise."""
    rows = [({"model.l2": 0.0}, [1.0, 2.0, 3.1]), ({"model.l2": 0.1}, [1.5, 2.6, 3.5])]
    by_split, by_seed = (effects(made(rows, by_split=split), log=False) for split in (True, False))
    assert by_split.noise.by_seeds
    assert (by_split.noise.freedom, by_split.noise.variance) == (2, pytest.approx(by_seed.noise.variance))


def test_a_range_may_have_no_value_beside_it() -> None:
    random = np.random.default_rng(2)
    rows = [({"optimizer.clipnorm": None if place % 4 == 0 else 0.1 + place / 10}, [1 + float(random.normal(0, 0.1))])
            for place in range(40)]  # fmt: skip
    rows.append(({"optimizer.clipnorm": None}, [None]))
    found = effects(made(rows))
    (one,) = found.keys
    assert one.ranges
    assert not one.by_value
    assert (one.levels[0].label, one.levels[0].value, one.levels[0].configurations) == ("null", None, 10)
    assert one.levels[0].lost == 1
    assert len(one.levels) <= 6
    assert {label for label, _ in one.points} == {level.label for level in one.levels}
    json.dumps(figure.chart(found).to_dict(), allow_nan=False)
