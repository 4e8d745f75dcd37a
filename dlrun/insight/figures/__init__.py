"""Figures: each is defined once, as an altair chart made from plain rows, and saved as PNG, SVG or an offline page."""
