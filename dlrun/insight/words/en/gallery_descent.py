"""Messages of the gallery's lessons: descent."""

MESSAGES: dict[str, str] = {
    "epoch": "epoch",
    "train_loss": "train loss",
    "rate": "learning rate",
    # 8. batch sizes
    "batch_sizes_title": "Batch, mini-batch and online gradient descent: steps against noise",
    "batch_sizes_subtitle": "Left: one seed strong, the others pale. Right: points are measured over random "
    "mini-batches, lines are the formulas",
    "batch_sizes_1": "In {epochs} epochs over {rows} rows, all at a rate of {rate}, batch gradient descent makes "
    "{whole_steps} steps and comes to a train loss of {whole_loss}, mini-batches of 32 make {mini_steps} and come to "
    "{mini_loss}, one row at a time makes {online_steps} and comes to {online_loss} (means of {seeds} seeds).",
    "batch_sizes_2": "The price is noise: from one epoch to the next the loss rises in {whole_rises} of the cases "
    "with the whole batch, in {mini_rises} with mini-batches and in {online_rises} online.",
    "batch_sizes_3": "A mini-batch's loss estimates that of all rows: over {draws} draws of each size its spread "
    "falls like the batch size to the power {slope} ± {half}, so like one over its root; drawn without putting rows "
    "back, as an epoch does, it falls faster still as the batch nears the whole.",
    "batch_sizes_note": "Seconds are a run's share while all seeds train side by side, and hold what an epoch costs "
    "besides its steps: a call of the program, and measuring the loss over all rows.",
    "batch_sizes_claim_further": "after equal epochs mini-batches have a lower train loss than the whole batch (95 % "
    "interval over seeds)",
    "batch_sizes_claim_never": "with the whole batch the train loss never rises",
    "batch_sizes_claim_more": "with every seed the online loss rises more often than any mini-batch loss, and that at "
    "times",
    "batch_sizes_claim_root": "the spread of a mini-batch's loss falls like one over the root of its size",
    "batch_sizes_claim_formula": "on average over the seeds each spread is within 5 % of its formula, rows put back "
    "or not",
    "batch_sizes_batch": "batch",
    "batch_sizes_steps": "steps",
    "batch_sizes_seconds": "seconds",
    "batch_sizes_last": "train loss at the end",
    "batch_sizes_rises": "epochs that rise",
    "batch_sizes_of_whole": "whole batch",
    "batch_sizes_of_mini": "mini-batches of {size}",
    "batch_sizes_of_online": "online, one row",
    "batch_sizes_size": "batch size",
    "batch_sizes_spread": "spread of a mini-batch's loss",
    "batch_sizes_drawn_spread": "rows put back: σ / √b",
    "batch_sizes_drawn_without": "not put back: σ / √b · √((N - b) / (N - 1))",
    # 9. learning rates
    "learning_rates_title": "Learning rates: too small, right, too large; and where a descent starts",
    "learning_rates_1": "A range test raises the rate from step to step and watches the loss: {tests} of them suggest "
    "{right_rate}, have their lowest loss near {edge_rate} and end, risen, at {large_rate} at most.",
    "learning_rates_2": "Over {epochs} epochs a hundredth of the suggestion comes to a train loss of {small_loss}, "
    "the suggestion to {right_loss}, and at {large_rate} {large_diverged} of {seeds} seeds diverge.",
    "learning_rates_3": "Where it starts counts as well: of {starts} starts on a surface with two wells {higher} end "
    "in the higher one; on a plateau {up} are still up after {short} steps, as the slope where they began was "
    "{slope_up} on average (for the others {slope_down}), and {up_later} after {long}.",
    "learning_rates_note": "The suggestion is careful: at {edge_rate}, on the edge, {edge_diverged} of {seeds} seeds "
    "diverge and the rest come to {edge_loss}. Surfaces: `dlrun descent --starts`, with SGD.",
    "learning_rates_claim_small": "a hundredth of the suggested rate ends at a higher train loss (95 % interval over "
    "seeds)",
    "learning_rates_claim_right": "at the suggested rate no seed diverges",
    "learning_rates_claim_large": "at the rate where the range tests ended every seed diverges",
    "learning_rates_claim_wells": "over a quarter of all starts end in the higher well (95 % interval)",
    "learning_rates_claim_plateau": "over a quarter of all starts are still on the plateau after the short time, "
    "fewer after the long one (95 % intervals), and they began where the slope is less than half that of the others",
    "learning_rates_name": "learning rate is",
    "learning_rates_rate": "rate",
    "learning_rates_loss": "train loss at the end",
    "learning_rates_diverged": "seeds that diverge",
    "learning_rates_of_small": "too small",
    "learning_rates_of_right": "suggested",
    "learning_rates_of_edge": "on the edge",
    "learning_rates_of_large": "too large",
    "learning_rates_gone": "{diverged} of {seeds} diverge",
    "learning_rates_ranges": "Range tests: loss of each step, smoothed",
    "learning_rates_curves": "Train loss, each seed",
    "learning_rates_on_two_wells": "Two wells: starts by where they end",
    "learning_rates_on_plateau": "A plateau: starts by where they are after {steps} steps",
    "learning_rates_subtitle": "Above: {tests} range tests, the rates they point at as dashed lines, and training at "
    "those. Below: many starts of SGD",
    "learning_rates_to_lower": "lower well",
    "learning_rates_to_higher": "higher well",
    "learning_rates_to_between": "in neither",
    "learning_rates_to_down": "in the well",
    "learning_rates_to_up": "still up",
    # 10. optimizers
    "optimizers_title": "Optimizers: how a gradient becomes a step",
    "optimizers_1": "Down a bowl that is twenty times as steep one way as the other, SGD turns round {sgd_turns} "
    "times in {steps} steps, momentum {momentum_turns} times and Adam {adam_turns} times.",
    "optimizers_2": "On a slope that hardly changes, AdaGrad's rate of {slope_rate} acts like {adagrad_first} at the "
    "first step and like {adagrad_last} after {slope_steps} (it falls like the step's number to the power {power}), "
    "RMSProp's like {rmsprop_first} and {rmsprop_last}: it forgets, so it does not die.",
    "optimizers_3": "Adam's first step is its rate; without the bias correction it would be {first} times that, and "
    "{most} times at step {most_at}: too large, not too small; on a net, each at the best of {rates} rates, SGD comes "
    "to a train loss of {sgd_loss} in {epochs} epochs and Adam to {adam_loss} ({share} times as much, at most "
    "{share_high}; 95 % interval of {seeds} seeds).",
    "optimizers_note": "On the bowl the rates are those of `dlrun descent`; on the net the best of the rates tried, "
    "by the geometric mean of the train loss at the end over the seeds shown.",
    "optimizers_claim_zigzag": "on the bowl SGD turns round more than three times as often as momentum and Adam",
    "optimizers_claim_dies": "AdaGrad's rate falls to less than a fifth",
    "optimizers_claim_lives": "RMSProp's rate settles within 20 % of what is set",
    "optimizers_claim_bias": "Keras' Adam is the paper's with the correction; without it the first step is over three "
    "times as long",
    "optimizers_claim_adam": "at their best rates Adam has a lower train loss than SGD (95 % interval over seeds)",
    "optimizers_optimizer": "optimizer",
    "optimizers_rate": "best rate",
    "optimizers_loss": "train loss at the end",
    "optimizers_turns": "turns on the bowl",
    "optimizers_step": "step",
    "optimizers_bowl": "Paths on f(x, y) = x²/20 + y²",
    "optimizers_left": "Rate that acts, on a slope",
    "optimizers_curves": "Train loss of a net, at the best rates",
    "optimizers_subtitle": "Left and middle: Keras' optimizers on surfaces of two numbers. Right: geometric means of "
    "all seeds",
    "optimizers_lowest": "lowest",
    "optimizers_highest": "highest seed",
    # 11. schedules
    "schedules_title": "A learning rate that falls lets the loss settle",
    "schedules_1": "With a constant rate of {rate} the loss never comes to rest: over the last {tail} of {epochs} "
    "epochs it shakes by {shaking} (standard deviation), and it ends at {constant} on average over {seeds} seeds; "
    "even the best epoch is no lower than {constant_best}.",
    "schedules_2": "Let the rate fall and it ends at {step} (step decay), {cosine} (cosine) or {plateau} (plateau), "
    "and shakes at least {calmer} times less.",
    "schedules_3": "Step and cosine follow a plan that is known before training; plateau waits for the loss to stop "
    "falling, and cut the rate {cuts} times per run here, first at epoch {first} with one seed and {latest} with "
    "another.",
    "schedules_claim_step": "step decay ends at a lower train loss than a constant rate (95 % interval over seeds)",
    "schedules_claim_cosine": "cosine ends at a lower train loss than a constant rate (95 % interval over seeds)",
    "schedules_claim_plateau": "plateau ends at a lower train loss than a constant rate (95 % interval over seeds)",
    "schedules_claim_shaking": "a falling rate shakes at least three times less at the end than a constant one",
    "schedules_schedule": "schedule",
    "schedules_last": "train loss at the end",
    "schedules_half": "± (95 %)",
    "schedules_best": "at its best epoch",
    "schedules_shaking": "shaking at the end",
    "schedules_rate": "last rate",
    "schedules_of_constant": "constant",
    "schedules_of_step": "step decay",
    "schedules_of_cosine": "cosine",
    "schedules_of_plateau": "plateau",
    "schedules_subtitle": "Above: mean and lowest to highest of {seeds} seeds. Below: the rate; plateau has one line "
    "per seed",
    # 12. backpropagation
    "backpropagation_title": "Backpropagation: four equations give every derivative at the price of two passes",
    "backpropagation_1": "The four equations, written out in numpy for a net of {units} units, give the {parameters} "
    "derivatives that Keras gives: over {seeds} nets with random weights the largest difference is {keras} of the "
    "layer's largest derivative.",
    "backpropagation_2": "Central differences with a step of 0.0001 agree to {central}, but take {passes} passes "
    "forward and {slow} ms where the equations take one forward, one back and {fast} ms: a check, not a way to learn.",
    "backpropagation_3": "A weight's derivative is the activation it comes from times the error it leads to, so it "
    "learns slowly where either is small: weights that come from units below 0.1 have {weak} times the derivative of "
    "those from units above 0.9, and weights that lead to saturated units (below 0.1 or above 0.9) {saturated} times "
    "that of those that lead to units in the middle (0.3 to 0.7).",
    "backpropagation_note": "Derivatives are checked over {rows} rows of breast_cancer, in float64. A smaller step is "
    "not a better one, as rounding takes over: of the steps tried {at_central} serves central differences best "
    "({best_central}) and {at_one_sided} those to one side ({best_one_sided}).",
    "backpropagation_claim_keras": "the four equations equal Keras' gradients",
    "backpropagation_claim_central": "central differences with step 1e-4 agree in every layer",
    "backpropagation_claim_better": "in every layer of every net they are closer than differences to one side",
    "backpropagation_claim_weak": "in every net weights from units below 0.1 have less than a fifth of the derivative "
    "of those from units above 0.9",
    "backpropagation_claim_saturated": "in every net weights to saturated units have less than half the derivative of "
    "those to units in the middle",
    "backpropagation_layer": "layer",
    "backpropagation_parameters": "parameters",
    "backpropagation_keras": "equations from Keras",
    "backpropagation_central": "central differences",
    "backpropagation_one_sided": "differences to one side",
    "backpropagation_of_central": "central",
    "backpropagation_of_one_sided": "to one side",
    "backpropagation_of_from": "unit it comes from",
    "backpropagation_of_to": "unit it leads to",
    "backpropagation_step": "step of the differences",
    "backpropagation_off": "largest difference from the equations",
    "backpropagation_share": "derivative (1: average of the row)",
    "backpropagation_activation": "activation of the unit",
    "backpropagation_subtitle": "Left: how exact differences are. Right: derivatives by the second layer's weights; "
    "mean and lowest to highest net",
    # 13. losses
    "losses_title": "What a loss must do: tell every small step apart, and still pull when the net is quite wrong",
    "losses_1": "Accuracy cannot be the loss: on lines through {lines} nets, in random directions, {flat} of the "
    "small steps leave it exactly as it was, so its slope says nothing, while the cross-entropy changes in {moves}.",
    "losses_2": "Of an output that is quite wrong ({wrong} before the sigmoid, 1 wanted) cross-entropy has a slope of "
    "{cross_pull}, mean squared error one of {squared_pull}: from large random weights they first reach {good} "
    "accuracy after {cross} and {squared} epochs (mean of {seeds} seeds; {never} with mean squared error never did in "
    "{epochs} and count as one more), and mean squared error after {faster} at three times the rate.",
    "losses_3": "Softmax as its formula reads fails from outputs of {float32} on in float32 ({float64} in float64), "
    "never once the maximum is taken away, which changes it by no more than {shift} where both work; with two classes "
    "it is the sigmoid of the difference (to {sigmoid}), and the largest output is the largest before it in {largest} "
    "of {rows} rows: naming the class needs no softmax.",
    "losses_claim_flat": "the accuracy stays the same in more than 90 % of small steps, the loss in none",
    "losses_claim_cross": "from large random weights cross-entropy reaches 90 % accuracy sooner than mean squared "
    "error, and than that at three times the rate (95 % interval over seeds)",
    "losses_claim_pull": "of an output that is quite wrong the slope of cross-entropy is over 100 times that of mean "
    "squared error",
    "losses_claim_shift": "taking the maximum away changes no softmax, and at outputs near 1000 it alone gives numbers",
    "losses_claim_sigmoid": "the softmax of two classes is the sigmoid of their difference",
    "losses_claim_largest": "the largest output is the same before and after softmax",
    "losses_loss": "loss",
    "losses_rate": "rate",
    "losses_epochs": "epochs to 90 %",
    "losses_accuracy": "train accuracy at the end",
    "losses_curve": "train accuracy",
    "losses_half": "± (95 %)",
    "losses_cross_entropy": "cross-entropy",
    "losses_place": "step through the weights, % of their length",
    "losses_of_cross": "cross-entropy",
    "losses_of_squared": "squared error",
    "losses_of_faster": "squared error, 3 x rate",
    "losses_subtitle": "Left: on a line through a trained net's weights. Right: from large random weights; pale: each "
    "seed, strong: their mean",
}
