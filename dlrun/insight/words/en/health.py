"""Messages about layer health."""

MESSAGES: dict[str, str] = {
    # names of findings
    "title_symmetric": "Symmetric units",
    "title_tiny": "Tiny start",
    "title_vanishing": "Vanishing gradients",
    "title_exploding": "Exploding gradients",
    "title_shrinking": "Shrinking activations",
    "title_growing": "Growing activations",
    "title_dead": "Dead units",
    "title_saturated": "Saturated units",
    "title_alike": "Units all alike",
    "title_large_steps": "Steps too large",
    "title_small_steps": "Steps too small",
    "title_well": "Healthy",
    # findings
    "symmetric": "the units of {layers} began equal ({initializer}) and are equal still. Each gets the same gradient, "
    "so a layer is worth a single unit",
    "symmetric_still": "the units of {layers} began equal ({initializer}), and no gradient reaches them: they have not "
    "moved",
    "tiny": "the weights of {layers} began at {gain} of the size that keeps a signal ({initializer}). At the start the "
    "activations of {layer} spread by {spread} only, so all its units say the same; at the end units are alike with a "
    "mean |cosine| of up to {alike}",
    "vanishing": "{when}, what comes back to {first} is {ratio} times smaller than at {last}: each layer of "
    "{activation} ({initializer}) passes on {each} of it, so the first layers hardly learn",
    "exploding": "{when}, what comes back to {first} is {ratio} times larger than at {last}: each layer of "
    "{activation} ({initializer}) multiplies it by {each}",
    "shrinking": "at the start the spread of activations falls from {first} to {last} through {layers}: {initializer} "
    "is too small for {activation}",
    "growing": "at the start the spread of activations rises from {first} to {last} through {layers}: {initializer} is "
    "too large for {activation}",
    "dead": "up to {share} of the units of {layers} are flat for all {rows} rows at the end ({start} at the start), "
    "so no gradient reaches them: steps at a learning rate of {rate} threw {activation} units out",
    "dead_at_start": "up to {share} of the units of {layers} are flat for all {rows} rows, and many were from the "
    "start ({start}): their {activation} never lets a gradient through",
    "dead_now": "up to {share} of the units of {layers} are flat for all {rows} rows: they tell these rows apart by "
    "nothing",
    "saturated": "up to {share} of what leaves {layers} lies at the ends of {activation}, where it is flat ({start} at "
    "the start): the weights have grown too large to learn",
    "saturated_at_start": "up to {share} of what leaves {layers} lies at the ends of {activation}, where it is flat, "
    "and {start} did at the start: {initializer} is too large",
    "saturated_now": "up to {share} of what leaves {layers} lies at the ends of {activation} for these rows",
    "alike": "the units of {layers} point the same way at the end: mean |cosine| {end} ({start} at the start)",
    "alike_tiny": "the units of {layers} point the same way at the end, mean |cosine| {end} ({start} at the start): "
    "after a tiny start ({initializer}) they all grew along the same few directions",
    "large_steps": "a step changes the weights by {update} of their size, ten times what is usual or more "
    "({optimizer}, learning rate {rate})",
    "small_steps": "no step changes the weights by more than {update} of their size, a hundredth of what is usual "
    "({optimizer}, learning rate {rate})",
    "when_start": "at the start",
    "when_end": "at the end",
    "well": "nothing is wrong with the layers{signal}{dead}{saturated}{update}",
    "well_signal": "; the first hidden layer gets {ratio} times the gradient signal of the last",
    "well_dead": "; at most {share} of a layer's units are flat for every row",
    "well_saturated": "; at most {share} of a layer is saturated",
    "well_update": "; a step changes the weights by {update} of their size (0.001 is usual)",
    # what would mend it
    "fix": "Fix: {why}",
    "fix_start": "draw the weights with {initializer}, whose size suits {activation}",
    "fix_given": "give each unit other weights, or leave model.weights out",
    "fix_normalise": "batch normalization keeps the spread of every layer at 1",
    "fix_fewer": "fewer layers: the start suits the activation and batch normalization is on already",
    "fix_slope": "relu with its own start: the slope of {activation} is {slope} at most, that of relu is 1",
    "fix_revive": "a tenth of the learning rate; model.activation leaky_relu never dies altogether",
    "fix_leaky": "leaky_relu lets a gradient through on both sides",
    "fix_lower_rate": "a tenth of the learning rate",
    "fix_more_rate": "ten times the learning rate",
    # tables and figures
    "heading": "{run}: layer health on {rows} train rows, epochs {first} to {last}",
    "heading_data": "{run}: layer health on {rows} rows of {source}",
    "column_layer": "layer",
    "column_activation": "activation",
    "column_units": "units",
    "column_mean": "mean",
    "column_spread": "spread",
    "column_spread_start": "spread at start",
    "column_dead": "dead",
    "column_saturated": "saturated",
    "column_signal": "signal back",
    "column_signal_start": "signal back at start",
    "column_gradient": "gradient",
    "column_weight": "weights",
    "column_update": "step / weights",
    "column_alike": "alike",
    "figure_gradient": "Gradient norm of each layer's weights",
    "figure_signal": "Signal that comes back to each layer",
    "figure_spread": "Spread of each layer's activations",
    "figure_dead": "Dead units of each layer",
    "figure_saturated": "Saturated share of each layer",
    "figure_update": "One step's change over the weights; band: usual",
    "figure_activations": "Activations (height: square root of the share)",
    "epoch": "epoch",
    "depth": "layer, by depth",
    "at_epoch": "epoch {epoch}",
    "sampled": "{rows} of {all} rows were looked at",
    "some_layers": "{shown} of {all} layers are drawn",
    "see_health": "Layer health: {kinds}. `dlrun health {run}` says more",
}
