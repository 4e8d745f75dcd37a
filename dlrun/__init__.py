"""MLP experiments from YAML: widths, depths and seeds in one go, and plain words on what to try next."""

__version__ = "0.1.0"
