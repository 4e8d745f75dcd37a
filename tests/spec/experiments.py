"""Valid experiments for property tests, as trees that a config file could hold."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dlrun.spec.names import BUILT_IN_SETS, Activation, Initializer, Loss, names_of

NASTY = ["no", "true", "null", "~", "", "1e-3", "010", "0x1F", ".inf", "12:30", "2020-01-01", "=", "<<", "{", "'", '"',
         "a: b", "a #b", "- a", "[/x]", "../x", "\\", "!!x", "&a", "*a", "%", "@", "`", "\t", "two\nlines", "\x1b[31m",
         "\x85", "\u2028", "\ufeff", " x ", "한글", "😀", "x" * 200, "a  b   c " * 30]  # fmt: skip
"""Texts that some YAML reader or writer has stumbled over."""

texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
labels = texts.filter(bool)
positive = st.floats(1e-30, 1e30) | st.integers(1, 10**6)
shares = st.floats(0, 0.99)


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


def named(name: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"name": st.just(name)}, optional=keys)


data = st.fixed_dictionaries(
    {"source": st.sampled_from(BUILT_IN_SETS)},
    optional={
        "validation_split": st.floats(0, 0.5),
        "test_split": st.floats(0, 0.4),
        "split_seed": st.integers(0, 10**9),
        "train_fraction": st.floats(0.01, 1),
        "scaling": st.sampled_from(["standard", "minmax", "robust", "none"]),
        "encoding": labels,
        "na_values": st.lists(texts, max_size=3),
        "label_map": st.dictionaries(texts, texts, max_size=3),
        "exclude": st.lists(labels | st.integers(-5, 5), max_size=3),
        "time": labels | st.integers(-5, 5) | st.none(),
        "augmentation": optional(noise=positive, mixup=positive),
    },
)


@st.composite
def models(draw: st.DrawFn) -> dict[str, Any]:
    units = draw(st.lists(st.integers(1, 512), max_size=4))
    per_layer = {"activation": st.sampled_from(names_of(Activation)), "dropout": shares}
    lists = {key: value | st.tuples(*[value] * len(units)).map(list) for key, value in per_layer.items()}
    initializer = (
        st.sampled_from(names_of(Initializer))
        | named("random_normal", mean=st.floats(-1, 1), stddev=positive)
        | named("he_normal")
    )
    other = optional(
        widen=st.integers(1, 4),
        deepen=st.integers(1, 4),
        batch_normalization=st.booleans(),
        use_bias=st.booleans(),
        kernel_initializer=initializer,
        l1=st.just(0) | positive,
        l2=st.just(0) | positive,
        **lists,
    )
    return {"units": units, **draw(other)}


optimizers = st.one_of(
    st.sampled_from(["adam", "sgd", "lion"]),
    named("sgd", learning_rate=positive, momentum=st.floats(0, 1), nesterov=st.booleans(), clipnorm=positive),
    named("adamw", learning_rate=positive, weight_decay=positive | st.none(), use_ema=st.booleans()),
    named("adam", learning_rate=positive, beta_1=shares),
)
schedules = st.one_of(
    st.sampled_from(["constant", "cosine"]),
    named("step", factor=st.floats(0.01, 1), every=st.integers(1, 9), warmup_epochs=st.integers(0, 9)),
    st.just({"name": "piecewise", "boundaries": [3, 7], "values": [0.1, 0.01, 1e-5]}),
    named("reduce_lr_on_plateau", patience=st.integers(0, 9), min_delta=positive),
)
fit = optional(
    epochs=st.integers(0, 10**6),
    batch_size=st.integers(1, 4096) | st.just("full"),
    early_stopping=optional(patience=st.integers(0, 9), min_delta=positive, baseline=st.floats(-1e9, 1e9)) | st.none(),
    keep=st.sampled_from(["best", "last"]),
    metrics=st.just("auto") | st.lists(st.sampled_from(["accuracy", "f1", "r2"]), max_size=3),
    loss=st.sampled_from([*names_of(Loss), "mse"]),
    class_weight=st.just("balanced") | st.dictionaries(texts, positive, max_size=3) | st.none(),
    label_smoothing=shares,
)
sweep = st.fixed_dictionaries(
    {"grid": st.just({"model.width": [8, 16], "optimizer": ["adam", {"name": "sgd", "momentum": 0.9}]})},
    optional={"seeds": st.integers(1, 9) | st.just([3, 1])},
)
trees = st.fixed_dictionaries(
    {"data": data},
    optional={
        "name": labels,
        "seed": st.integers(0, 10**9),
        "model": models(),
        "optimizer": optimizers,
        "schedule": schedules,
        "fit": fit,
        "sweep": sweep | st.none(),
    },
)
