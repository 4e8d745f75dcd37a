"""Augmentation beside Keras' own layers, and what a run with it measures and keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dlrun.data import Prepared, Rows
from dlrun.errors import ConfigError
from dlrun.spec.augmentation import Augmentation
from dlrun.training.augmentation import Augmented, changed_images, mixed, noise_of, resampled_on_jax
from dlrun.training.augmentation_draws import Draws, transforms
from dlrun.training.objective import objective_of
from tests.training.cases import amounts, digits, experiment, signs, train, without_seconds

STRONG = {
    "flip": "horizontal", "rotation": 0.2, "shift": 0.3, "zoom": 0.3, "noise": 0.5, "cutout": 0.5, "mixup": 1.0,
}  # fmt: skip
SIZES = [(8, 8, 1), (9, 7, 1), (6, 10, 3)]


def images(size: tuple[int, int, int], rows: int = 5) -> np.ndarray:
    return np.random.default_rng(0).random((rows, *size)).astype(np.float32)


def changed(pixels: np.ndarray, background: float = 0.0, **drawn: np.ndarray) -> np.ndarray:
    """Images (rows, height, width, colours), changed as drawn."""
    size: Any = pixels.shape[1:]
    draws = Draws(Augmentation(cutout=0.4), 0, len(pixels), len(pixels), size)
    augmented = Augmented(draws, np.full(size[2], background, np.float32), None)
    flat = pixels.reshape(len(pixels), -1)
    return np.asarray(changed_images(flat, drawn, augmented)).reshape(pixels.shape)


# --- beside Keras ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [-0.15, 0.0, 0.05, 0.25, 0.5])
def test_rotation_is_that_of_keras(size: tuple[int, int, int], share: float) -> None:
    import keras

    layer = keras.layers.RandomRotation((share, share), fill_mode="constant")
    map_ = map_of(size, angle=2 * np.pi * share)
    np.testing.assert_allclose(changed(images(size), transform=map_), layer(images(size), training=True), atol=2e-5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("down", "right"), [(0.2, -0.1), (-0.5, 0.0), (1.0, 1.0)])
def test_shift_is_that_of_keras(size: tuple[int, int, int], down: float, right: float) -> None:
    import keras

    layer = keras.layers.RandomTranslation((down, down), (right, right), fill_mode="constant")
    map_ = map_of(size, moved=(right * size[1], down * size[0]))
    np.testing.assert_allclose(changed(images(size), transform=map_), layer(images(size), training=True), atol=2e-5)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [-0.3, 0.2])
def test_zoom_is_that_of_keras(size: tuple[int, int, int], share: float) -> None:
    import keras

    layer = keras.layers.RandomZoom((share, share), (share, share), fill_mode="constant")
    map_ = map_of(size, smaller=1 + share)
    np.testing.assert_allclose(changed(images(size), transform=map_), layer(images(size), training=True), atol=2e-5)


def test_turned_then_moved_as_keras_does_it_one_after_the_other() -> None:
    """By whole pixels and quarter turns, where Keras' two interpolations change nothing."""
    import keras

    size = (8, 8, 1)
    layers = keras.Sequential(
        [
            keras.layers.RandomRotation((0.25, 0.25), fill_mode="constant"),
            keras.layers.RandomTranslation((0.25, 0.25), (-0.125, -0.125), fill_mode="constant"),
        ]
    )
    map_ = map_of(size, angle=np.pi / 2, moved=(-1.0, 2.0))
    np.testing.assert_allclose(changed(images(size), transform=map_), layers(images(size), training=True), atol=2e-5)


class Given(Draws):
    """Draws of which each uniform number is the one that is given."""

    given: dict[str, tuple[float, ...]]

    def stream(self, epoch: int, name: str) -> Any:
        return Constant(self.given.get(name, (0.0, 0.0)))


class Constant:
    def __init__(self, values: tuple[float, ...]):
        self.values = values

    def uniform(self, low: float, high: float, shape: tuple[int, int]) -> np.ndarray:
        return np.tile(self.values[: shape[1]], (shape[0], 1))


def map_of(
    size: tuple[int, int, int], angle: float = 0.0, moved: tuple[float, float] = (0.0, 0.0), smaller: float = 1.0
) -> np.ndarray:
    """The maps of five images that are all turned, moved (right, down) and made smaller alike."""
    draws = Given(Augmentation(rotation=1.0, shift=1.0, zoom=0.5), 0, 5, 5, size)
    given = {
        "turn": (angle / (2 * np.pi),),
        "shift": (moved[0] / size[1], moved[1] / size[0]),
        "zoom": ((smaller - 1) / 0.5,),
    }
    object.__setattr__(draws, "given", given)
    return transforms(draws, 0)


@pytest.mark.parametrize("kind", ["horizontal", "vertical", "horizontal_and_vertical"])
def test_mirrored_images_are_those_of_numpy(kind: str) -> None:
    pixels = images((6, 10, 3), rows=4)
    flips = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.int32)
    found = changed(pixels, flips=flips)
    np.testing.assert_array_equal(found[0], pixels[0])
    np.testing.assert_array_equal(found[1], pixels[1, ::-1])
    np.testing.assert_array_equal(found[2], pixels[2, :, ::-1])
    np.testing.assert_array_equal(found[3], pixels[3, ::-1, ::-1])


def test_an_erased_square_is_background() -> None:
    pixels = images((9, 7, 1), rows=2)
    found = changed(pixels, background=0.7, corner=np.array([[0, 0], [6, 4]], np.int32))  # 0.4 of 7 pixels are 3
    wanted = pixels.copy()
    wanted[0, :3, :3] = wanted[1, 6:, 4:] = 0.7
    np.testing.assert_allclose(found, wanted)


def test_what_comes_in_from_outside_is_background() -> None:
    pixels = images((8, 8, 3))
    far = map_of((8, 8, 3), moved=(8.0, 0.0))
    np.testing.assert_allclose(changed(pixels, background=-1.5, transform=far), np.full_like(pixels, -1.5), atol=1e-6)
    same = changed(pixels, background=-1.5, transform=map_of((8, 8, 3)))
    np.testing.assert_allclose(same, pixels, atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_our_resampling_on_jax_is_that_of_keras(size: tuple[int, int, int]) -> None:
    import keras

    pixels = images(size, rows=40)
    draws = Draws(Augmentation(rotation=0.5, shift=0.6, zoom=0.9), 1, 40, 40, size)
    map_ = transforms(draws, 0)
    wanted = keras.ops.image.affine_transform(pixels, np.pad(map_, ((0, 0), (0, 2))), fill_mode="constant")
    found = np.asarray(resampled_on_jax(pixels, map_, size))
    np.testing.assert_allclose(found, keras.ops.convert_to_numpy(wanted), atol=1e-4)


@pytest.mark.parametrize("shape", [(4,), (4, 3)])
def test_rows_are_mixed_as_in_the_paper(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).random(shape).astype(np.float32)
    partner, share = np.array([2, 0, 3, 1], np.int32), np.full(4, 0.3, np.float32)
    wanted = 0.3 * values + 0.7 * values[[2, 0, 3, 1]]
    np.testing.assert_allclose(np.asarray(mixed(values, partner, share)), wanted, rtol=1e-6)


def seen(spec: Any, data: Prepared, x: np.ndarray, steps: int = 2) -> list[np.ndarray]:
    """What the net sees of these rows, step after step."""
    import keras

    augmented = Augmented.of(spec, data)
    assert augmented is not None
    model = keras.Model(*augmented.symbolic(x.shape[1]))
    drawn = [replace(augmented.draws, rows=len(x), batch=len(x)).epoch(epoch) for epoch in range(steps)]
    return [np.asarray(model([x, *one], training=True)) for one in drawn]


def test_noise_is_that_of_keras_and_new_in_every_step() -> None:
    x = digits().train.x[:200]
    spec = experiment(data={"augmentation": {"noise": 2.0}})
    first, second = (rows - x for rows in seen(spec, digits(), x))
    assert abs(first.std() - 2.0) < 0.05
    assert abs(first.mean()) < 0.05
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.05
    np.testing.assert_array_equal(seen(spec, digits(), x)[0] - x, first)


def test_noise_leaves_categories_as_they_are() -> None:
    data = replace(signs(), numeric=np.array([True, False, False, True]))
    spec = experiment(data={"augmentation": {"noise": 0.5}})
    noise = noise_of(spec, data)
    assert noise is not None
    assert noise.tolist() == [0.5, 0, 0, 0.5]
    (rows,) = seen(spec, data, data.train.x, steps=1)
    np.testing.assert_array_equal(rows[:, 1:3], data.train.x[:, 1:3])
    assert (rows[:, [0, 3]] != data.train.x[:, [0, 3]]).all()


def test_every_image_is_changed_in_its_own_way_in_every_epoch() -> None:
    x = np.repeat(digits().train.x[:1], 30, axis=0)
    once, again = seen(experiment(data={"augmentation": {"rotation": 0.2, "shift": 0.2}}), digits(), x)
    assert len(np.unique(once.round(4), axis=0)) == 30
    assert (np.abs(once - again).max(axis=1) > 0.01).all()


# --- what a run with it measures and keeps ---------------------------------------------------------------------------


def twins() -> Prepared:
    """The same rows on both sides."""
    data = digits()
    rows = data.validation
    assert rows is not None
    return replace(data, train=rows, validation=Rows(rows.x, rows.y, rows.numbers))


@pytest.mark.parametrize(
    "augmentation",
    [
        STRONG,
        *(pytest.param(one, marks=pytest.mark.slow) for one in ({"noise": 1.0}, {"mixup": 1.0}, {"rotation": 0.3})),
    ],
)
def test_the_train_loss_is_measured_without_it(augmentation: dict[str, Any]) -> None:
    spec = experiment(data={"augmentation": augmentation}, model={"dropout": 0.3, "l2": 0.01}, fit={"epochs": 8})
    plain = train(experiment(model={"dropout": 0.3, "l2": 0.01}, fit={"epochs": 8}), twins())
    outcome = train(spec, twins())
    for row in outcome.curves:
        assert row["train_loss"] == row["val_loss"]
        assert row["train_accuracy"] == row["val_accuracy"]
    assert outcome.curves[-1]["loss"] > outcome.curves[-1]["train_loss"] + outcome.curves[-1]["penalty"]
    assert without_seconds(outcome.curves) != without_seconds(plain.curves)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("signs", {"noise": 0.2, "mixup": 0.3}),
        pytest.param("digits", STRONG, marks=pytest.mark.slow),
        pytest.param("amounts", {"noise": 0.2, "mixup": 0.3}, marks=pytest.mark.slow),
    ],
)
def test_twice_the_same_and_another_seed_another_run(name: str, keys: dict[str, Any]) -> None:
    data = {"digits": digits, "amounts": amounts, "signs": signs}[name]()
    fit = {"class_weight": "balanced"} if name == "signs" else {}
    spec = experiment(data={"augmentation": keys}, fit={"batch_size": 23, **fit})
    once, again = (train(spec, data) for _ in range(2))
    assert without_seconds(once.curves) == without_seconds(again.curves)
    assert all(np.isfinite(list(row.values())).all() for row in once.curves)
    other = train(spec.with_seed(1), data)
    assert other.curves[0]["loss"] != once.curves[0]["loss"]


def test_the_kept_net_knows_nothing_of_it() -> None:
    outcome = train(experiment(data={"augmentation": STRONG}, model={"dropout": 0.2}), digits())
    assert outcome.network is not None
    model: Any = outcome.network
    kinds = {type(layer).__name__ for layer in model.model.layers}
    assert kinds == {"Dense", "Activation", "Dropout"}
    assert outcome.parameters == 64 * 16 + 16 + 16 * 10 + 10


def test_small_mixtures_are_nearly_no_mixtures() -> None:
    """alpha near 0 draws shares of 0 and 1: whole rows change places, and the loss is the plain one of them."""
    data = digits()
    outcome = train(experiment(data={"augmentation": {"mixup": 1e-9}}, fit={"batch_size": "full"}), data)
    plain = train(experiment(fit={"batch_size": "full"}), data)
    for row, same in zip(outcome.curves, plain.curves, strict=True):
        for column in ("loss", "train_loss", "val_loss"):
            np.testing.assert_allclose(row[column], same[column], rtol=1e-5)


def test_no_noise_is_no_augmentation() -> None:
    nothing = experiment(data={"augmentation": {"noise": 0.0, "mixup": 0.0, "shift": 0.0}})
    once, plain = train(nothing, digits()), train(experiment(), digits())
    assert without_seconds(once.curves) == without_seconds(plain.curves)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float64", "mixed_bfloat16", "mixed_float16"])
def test_every_precision(precision: str) -> None:
    outcome = train(experiment(data={"augmentation": STRONG}, fit={"precision": precision}), digits())
    assert outcome.status == "completed"
    assert all(np.isfinite(list(row.values())).all() for row in outcome.curves)


@pytest.mark.parametrize(("loss", "data"), [("hinge", signs), ("categorical_hinge", digits)])
def test_losses_without_anything_between_classes_are_refused(loss: str, data: Any) -> None:
    with pytest.raises(ConfigError, match=f"mixup needs a loss that takes targets between classes.*{loss}"):
        objective_of(experiment(data={"augmentation": {"mixup": 0.2}}, fit={"loss": loss}), data().task)
