"""Options that several commands take, each said once."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Backend = Literal["tensorflow", "jax", "torch"]
OnBackend = Annotated[Backend, typer.Option("--backend", help="What Keras runs on.")]
Config = Annotated[str | None, typer.Argument(help="A config (.yaml), a data file, or a built-in name.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key, such as model.width=64.")
]
Target = Annotated[str | None, typer.Option("--target", help="The column to predict, for a data file.")]
