"""What a look at one net or one optimizer shows: learning rates, decision boundaries, descents. Plain rows in and out.

- `lr_range`: where the loss of a learning-rate range test begins to fall, and the rates it suggests.
- `boundary`, `boundary_terminal`: a net's answers over two features.
- `descent`: what paths of optimizers say; `contours`: the lines at which a grid has a value.
"""
