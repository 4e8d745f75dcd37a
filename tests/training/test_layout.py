"""Which jobs are padded to which shape and trained together. No Keras is loaded for it."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlrun.training import Job
from dlrun.training.blocks import Block
from dlrun.training.cost import compile_seconds, epoch_seconds, slot_bytes
from dlrun.training.fused.recipe import Shape, exact, join, parameters, recipe_of
from dlrun.training.layout import MOST_PROGRAMS, fused_blocks, in_words, joined_programs, layout
from tests.training.cases import amounts, digits, experiment, signs

Sections = dict[str, Any]
WIDTHS = st.lists(st.sampled_from([1, 4, 16, 19, 33, 64]), max_size=4)


def job(place: int, data: Any = None, **sections: Any) -> Job:
    return Job(f"job {place}", experiment(**sections), digits() if data is None else data)


def grid(widths: list[int], depths: list[int], **sections: Any) -> list[Job]:
    """A job for each width and depth."""
    nets = [[width] * depth for width in widths for depth in depths]
    return [job(place, model={"units": units}, **sections) for place, units in enumerate(nets)]


def ids(blocks: list[Block]) -> list[str]:
    return [job.id for block in blocks for job in block.jobs]


def holds(shape: Shape, units: tuple[int, ...]) -> bool:
    """Whether the net fits, and what its last layer gives passes through the layers it lacks."""
    if len(units) > shape.depth or (len(units) < shape.depth and not shape.gated):
        return False
    needed = (*units, *[units[-1] if units else 0] * (shape.depth - len(units)))
    return all(width >= own for width, own in zip(shape.widths, needed, strict=True))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ((7,), (7,), Shape((7,))),
        ((7, 2), (3, 5), Shape((7, 5))),
        ((7,), (5, 9), Shape((7, 9), gated=True)),
        ((7,), (5, 3), Shape((7, 7), gated=True)),
        ((8, 4), (2, 2, 2, 2), Shape((8, 4, 4, 4), gated=True)),
        ((), (5,), Shape((5,), gated=True)),
    ],
)
def test_join(one: tuple[int, ...], other: tuple[int, ...], both: Shape) -> None:
    assert join(exact(one), exact(other)) == join(exact(other), exact(one)) == both


@given(st.lists(WIDTHS.map(tuple), min_size=1, max_size=5))
def test_a_joined_shape_holds_every_member(nets: list[tuple[int, ...]]) -> None:
    shape = exact(nets[0])
    for units in nets[1:]:
        shape = join(shape, exact(units))
    assert all(holds(shape, units) for units in nets)
    assert shape.gated == (len({len(units) for units in nets}) > 1)


def test_parameters() -> None:
    assert parameters(64, (12, 8), 10) == (64 * 12 + 12) + (12 * 8 + 8) + (8 * 10 + 10)


JOBS = st.lists(
    st.fixed_dictionaries(
        {
            "units": WIDTHS,
            "activation": st.sampled_from(["relu", "sigmoid", "softmax"]),
            "optimizer": st.sampled_from(["adam", "sgd", "muon"]),
            "dropout": st.sampled_from([0.0, 0.5]),
            "epochs": st.integers(0, 4),
            "batch_size": st.sampled_from([16, 32]),
            "precision": st.sampled_from(["float32", "float64", "mixed_bfloat16"]),
            "data": st.sampled_from([digits, signs, amounts]),
        }
    ),
    max_size=14,
)


def drawn(place: int, draw: Sections) -> Job:
    model = {key: draw[key] for key in ("units", "activation", "dropout")}
    fit = {key: draw[key] for key in ("epochs", "batch_size", "precision")}
    return job(place, draw["data"](), model=model, fit=fit, optimizer=draw["optimizer"])


@settings(max_examples=60)
@given(JOBS, st.integers(1, 4), st.sampled_from([math.inf, 1e5, 1e6]), st.booleans())
def test_every_job_is_in_one_block_that_suits_it(
    draws: list[Sections], workers: int, memory: float, accelerator: bool
) -> None:
    jobs = [drawn(place, draw) for place, draw in enumerate(draws)]
    blocks = layout(jobs, workers, memory, accelerator)
    assert Counter(ids(blocks)) == Counter(one.id for one in jobs)
    for block in blocks:
        assert len({id(one.data) for one in block.jobs}) == 1
        fullest = max(len(other.jobs) for other in blocks if other.program == block.program)
        assert 1 <= block.slots <= fullest  # the last block may leave slots empty: one executable serves all
        assert block.seconds >= 0
        if block.engine == "keras":
            assert (len(block.jobs), block.slots) == (1, 1)
            assert block.reason
            continue
        assert block.reason is None
        for one in block.jobs:
            model = one.experiment.model
            assert holds(block.shape, model.hidden)
            if one.experiment.optimizer.name == "muon" or model.activation == "softmax":
                assert block.shape == exact(model.hidden) or not model.hidden
            own = recipe_of(one.experiment, one.data)
            assert own.dropout <= block.recipe.dropout
            assert (own.batch, own.optimizer, own.precision) == (
                block.recipe.batch, block.recipe.optimizer, block.recipe.precision,
            )  # fmt: skip
        if memory < math.inf and block.slots > 1:
            assert block.slots * slot_bytes(block.recipe, block.shape) <= memory / workers


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({"fit": {"epochs": 0}}, "fit.epochs: 0 trains nothing"),
        ({"fit": {"precision": "mixed_float16"}}, "fit.precision: mixed_float16 is not fused"),
        ({"fit": {"precision": "mixed_bfloat16"}}, "fit.precision: mixed_bfloat16 is not fused"),
    ],
)
def test_what_is_not_fused_comes_last_and_says_why(sections: Sections, reason: str) -> None:
    fused, alone = layout([job(0, **sections), job(1)], workers=1)
    assert (fused.engine, ids([fused]), fused.reason) == ("fused", ["job 1"], None)
    assert (alone.engine, ids([alone]), alone.reason) == ("keras", ["job 0"], reason)


@pytest.mark.parametrize(
    "sections",
    [
        {"optimizer": "sgd"},
        {"optimizer": {"name": "adam", "beta_1": 0.8}},
        {"fit": {"batch_size": 16}},
        {"fit": {"precision": "float64"}},
        {"fit": {"label_smoothing": 0.1}},
        {"fit": {"class_weight": "balanced"}},
        {"fit": {"metrics": ["f1"]}},
        {"fit": {"loss": "categorical_hinge"}},
        {"model": {"activation": "tanh"}},
        {"model": {"use_bias": False}},
        {"model": {"batch_normalization": True}},
        {"model": {"output_activation": "sigmoid"}},
        {"model": {"units": []}},
    ],
)
def test_what_a_program_fixes_is_not_mixed(sections: Sections) -> None:
    assert len(joined_programs([job(0), job(1, **sections)])) == 2


@pytest.mark.parametrize(
    "sections",
    [
        {"seed": 7},
        {"optimizer": {"name": "adam", "learning_rate": 0.1}},
        {"schedule": {"name": "cosine"}},
        {"fit": {"epochs": 9}},
        {"fit": {"early_stopping": {"patience": 3}}},
        {"fit": {"keep": "last"}},
        {"model": {"dropout": 0.3}},
        {"model": {"l1": 0.1, "l2": 0.1}},
        {"model": {"kernel_initializer": "he_normal"}},
        {"model": {"units": [12]}},
        {"model": {"units": [12, 12]}},
    ],
)
def test_what_is_a_members_own_shares_a_program(sections: Sections) -> None:
    (program,) = joined_programs([job(0), job(1, **sections)])
    assert len(program.jobs) == 2


def test_folds_and_files_do_not_share_rows() -> None:
    assert len(joined_programs([job(0), job(1, digits(200, 100))])) == 2


def test_large_nets_are_not_padded_and_small_ones_are() -> None:
    small = joined_programs(grid([16, 32], [1, 2]))
    large = joined_programs(grid([16, 2048], [4], fit={"epochs": 500}))
    assert len(small) < 4
    assert len(large) == 2


def test_a_join_saves_time() -> None:
    jobs = grid([8, 64], [1, 4], fit={"epochs": 20})
    apart = sum(
        compile_seconds(recipe, shape) + one.epochs * epoch_seconds(recipe, shape, 1)
        for one in jobs
        for recipe, shape in [(recipe_of(one.experiment, one.data), exact(one.experiment.model.hidden))]
    )
    assert sum(program.seconds for program in joined_programs(jobs)) <= apart


def test_very_many_widths_do_not_become_very_many_programs() -> None:
    jobs = [job(place, model={"units": [8 + place, 300 - place]}) for place in range(150)]
    assert len(joined_programs(jobs)) <= MOST_PROGRAMS


def test_little_memory_means_few_slots() -> None:
    jobs = grid([16], [1]) * 20
    (whole,) = fused_blocks(jobs)
    one = slot_bytes(whole.recipe, whole.shape)
    assert whole.slots > 3
    assert {block.slots for block in layout(jobs, workers=2, memory=6.5 * one)} <= {1, 2, 3}
    assert {block.slots for block in layout(jobs, workers=1, memory=1)} == {1}


def test_an_accelerator_takes_all_at_once() -> None:
    (block,) = layout(grid([16], [1]) * 300, workers=1, accelerator=True)
    assert block.slots == 300


def test_slots_are_filled_again_where_members_may_leave_early() -> None:
    patient = {"fit": {"early_stopping": {"patience": 1}}}
    blocks = layout(grid([16], [1], **patient) * 600, workers=1)
    assert max(len(block.jobs) / block.slots for block in blocks) > 1
    assert all(len(block.jobs) == block.slots for block in layout(grid([16], [1]) * 600, workers=1))


def test_the_longest_program_comes_first() -> None:
    jobs = [job(0), job(1, model={"units": [512, 512], "activation": "tanh"}, fit={"epochs": 40})]
    assert ids(layout(jobs, workers=1)) == ["job 1", "job 0"]


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ([[16]], "16 relu, batch 32"),
        ([[16], [8, 8]], "up to 16-16 relu, batch 32"),
        ([[]], "no hidden layer, batch 32"),
    ],
)
def test_words(units: list[list[int]], words: str) -> None:
    (program,) = joined_programs([job(place, model={"units": each}) for place, each in enumerate(units)])
    assert in_words(program.recipe, program.shape) == words


def test_programs_of_a_plan_have_different_words() -> None:
    """Workers know programs by their words."""
    jobs = [job(0), job(1, optimizer="sgd"), job(2, model={"batch_normalization": True}), job(3, digits(200, 100))]
    assert len({block.program for block in layout(jobs, workers=1)}) == 4


def test_a_plan_loads_no_keras() -> None:
    code = "import sys; import dlrun.training.layout; sys.exit('keras' in sys.modules or 'jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
