"""Messages about maps, effects and learning curves."""

MESSAGES: dict[str, str] = {
    # swept runs
    "damaged": "Damaged runs, left out: {count}. `dlrun ls` names them",
    "different_data": "The runs are on different data, so their losses do not compare: {mixed}",
    # capacity map
    "two_keys": "The runs differ in {x} and {y} alone: these are the map's keys",
    "best_of_the_rest": "Also swept: {others}. Each cell shows its best configuration by {monitor}",
    "ranges": "{key} has too many values for a cell each: {count} ranges, of which each cell shows the best",
    "cells_diverged": "Diverged or failed in every seed: {count} cells",
    "cells_unfinished": "Not finished yet: {count} cells",
    "cells_missing": "Never tried: {count} cells",
    "cells_partly": "Means over fewer seeds than planned: {count} cells",
    "none_usable": "No cell came to a number: every run diverged, failed or is not finished",
    "best": "Best: {where}: {monitor} {value}{half} ({usable} of {planned} runs, {parameters} parameters)",
    "no_error": "With one run per cell there is no standard error, so no smaller net can be called as good. Add "
    "--seeds 3",
    "best_is_smallest": "It is also the smallest net within one standard error of the best",
    "smallest": "Smallest within one standard error of it: {where}: {monitor} {value} ({parameters} parameters, "
    "{share} % of the best one's)",
    "sides": "Of {all} cells with a verdict {under} are on the underfit side, {over} on the overfit side",
    "edge_high": "The best lies at the upper edge of {key} ({value}): larger may be better.",
    "edge_low": "The best lies at the lower edge of {key} ({value}): smaller may be better.",
    "edge_high_flat": "The best lies at the upper edge of {key} ({value}), but a smaller {key} is within one "
    "standard error of it: little is to be expected beyond.",
    "edge_low_flat": "The best lies at the lower edge of {key} ({value}), but a larger {key} is within one "
    "standard error of it: little is to be expected beyond.",
    "beyond": "To go on from there: {command}",
    # marks of the map
    "mark_best": "best",
    "mark_smallest": "smallest within one standard error",
    "frame_best": "black frame: best",
    "frame_smallest": "dashed frame: smallest within one standard error of it",
    "mark_missing": "not tried",
    "mark_unfinished": "not finished",
    "shade": "darker: {better}",
    "blocks": "fuller: {better}",
    "shade_lower": "lower",
    "shade_higher": "higher",
    # effects
    "log_effects": "Effects on the logarithm of {monitor}: means are geometric, a change is a factor",
    "plain_effects": "Effects on {monitor} as it is: a change is a difference",
    "noise_seeds": "Full grid: intervals come from the spread of {seeds} seeds",
    "noise_residuals": "Intervals come from what the additive model leaves: seeds and interactions together",
    "noise_unknown": "Too few configurations for any interval: add seeds, or more configurations",
    "quantiles": "Put into ranges that hold equally many configurations: {keys}",
    "left_out": "{count} of {all} configurations came to no number (diverged or failed) and are in no mean: where "
    "they are many, a level is worse than its mean",
    "mixed": "These keys change together and cannot be told apart: {keys}",
    "effect": "{key}: {best} is best, {change} against {worst} (95 %: {low} to {high}); explains {share} %",
    "effect_none": "{key}: no effect beyond noise: {best} against {worst} is {change} (95 %: {low} to {high}); "
    "explains {share} %",
    "effect_unknown": "{key}: {best} is best, {change} against {worst}, with no interval to judge it by; explains "
    "{share} %",
    "effect_mixed": "{key}: cannot be told from keys that change with it",
    "pair": "{left} and {right} interact: {ratio} times the noise, explains {share} %; most at {where}: {by} "
    "against what each key alone says",
    "pair_none": "No pair of keys interacts beyond noise; the strongest is {left} and {right}: {ratio} times the "
    "noise, explains {share} %, most at {where}: {by}",
    "pair_unknown": "Strongest pair: {left} and {right}, explains {share} %, most at {where}: {by}; with no "
    "interval to judge it by",
    # learning curve
    "curve_lost": "Diverged or failed in every seed, so left out: {count} numbers of rows",
    "curve_of_many": "{count} configurations; the words are about the one that ends lowest: {label}",
    "curve_too_short": "Still falling at the last epoch: {count} numbers of rows. Fewer rows also mean fewer "
    "steps: train longer, lest the curve shows steps in place of rows",
    "curve_one_seed": "One run per point: no intervals over seeds. Add --seeds 5",
    "rows_help": "More rows would help: twice as many ({rows}) should bring the validation loss from {now} to "
    "{then} (95 %: {low} to {high}), {gain} % less ({gain_low} to {gain_high} %)",
    "rows_little": "More rows would hardly help: twice as many ({rows}) should take {gain} % off the validation "
    "loss, at most {gain_high} %",
    "rows_unknown": "Whether more rows would help cannot be told: twice as many ({rows}) would take between "
    "{gain_low} and {gain_high} % off the validation loss. More seeds narrow it",
    "rows_no_law": "Too little to extrapolate from ({points} numbers of rows; it takes {fewest} of them with "
    "several seeds)",
    "curves_met": "Train and validation loss have met ({train} and {val}) at a high level: more capacity (wider, "
    "deeper, longer) may help, unless what is left is noise in the data",
    "curves_met_low": "Train and validation loss have met ({train} and {val}) at a low level: little is left to gain",
    "gap_wide_rows": "The gap is wide ({gap}, {share} % of the validation loss): until there are more rows, more "
    "regularisation (dropout, L2, a smaller net) may do some of it",
    "gap_wide_open": "The gap is wide ({gap}, {share} % of the validation loss) and not closing: more "
    "regularisation (dropout, L2, a smaller net) should help",
    "gap_wide_closing": "The gap is wide ({gap}, {share} % of the validation loss) but closing as rows are added: "
    "more regularisation helps as well",
    "gap_between": "The gap is moderate ({gap}, {share} % of the validation loss): capacity and regularisation "
    "fit each other about",
    "value": "{metric}",
    "value_train": "train {metric}",
    "value_val": "validation {metric}",
    "value_train_loss": "train loss",
    "value_val_loss": "validation loss",
    "value_gap": "gap",
    "value_parameters": "parameters",
    "value_seconds": "seconds per run",
    "mean": "{value} (mean)",
    "mean_log": "{value} (geometric mean)",
    "explains": "explains {share} %",
    "pairs_among": "Pairs are looked at among the {most} of {all} keys that explain most",
}
