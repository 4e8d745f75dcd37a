"""Messages of the gallery's lessons: network."""

MESSAGES: dict[str, str] = {
    # 14. activations
    "activations_title": "Activations: what a slope lets through",
    "activations_1": "The slope of sigmoid is nowhere above {steepest}, and {far} at an input of 6 (tanh: "
    "{tanh_far}), so the slopes of {depth} such layers leave at most {left} of what comes back; the slope of ReLU is "
    "1 for every input above 0.",
    "activations_2": "On digits a net of {depth} hidden sigmoid layers stays at a validation loss of {sigmoid} "
    "({trivial} is guessing) where ReLU reaches {relu}; with one hidden layer sigmoid gets {shallow} right, and step, "
    "whose slope is 0 everywhere, moves the weights of its hidden layers by {moved}.",
    "activations_3": "That is why ReLU became the default: it is the simplest of those whose slope does not fade. "
    "tanh, leaky ReLU, GELU and SiLU end between {lowest} and {highest} right too, as long as the initial weights fit "
    "them.",
    "activations_claim_flat": "sigmoid's slope is at most 1/4 and flat beyond 6, that of ReLU is 1 there",
    "activations_claim_deep": "five hidden sigmoid layers learn next to nothing",
    "activations_claim_shallow": "one hidden sigmoid layer learns",
    "activations_claim_relu": "five hidden ReLU layers learn",
    "activations_claim_step": "hidden layers below a step do not move at all",
    "activations_claim_alike": "tanh, ReLU and the newer ones end within five points of each other",
    "activations_activation": "activation",
    "activations_steepest": "largest slope",
    "activations_far": "slope at 6",
    "activations_loss": "validation loss",
    "activations_accuracy": "validation accuracy",
    "activations_input": "input",
    "activations_epoch": "epoch",
    "activations_functions": "The functions",
    "activations_slopes": "Their slopes",
    "activations_curves": "Nets of {depth} hidden layers on digits",
    # 15. initial weights
    "initial_weights_title": "Initial weights: what arrives at five layers",
    "initial_weights_1": "Equal weights stay equal: after training the units of a layer differ by {zeros} from zeros "
    "and by {constant} from one constant, and such nets of five hidden layers get {zeros_accuracy} and "
    "{constant_accuracy} of digits right.",
    "initial_weights_2": "With sigmoid a spread of 1 drives {std_1_saturated} of the fifth layer's values to their "
    "ends, one of 0.01 leaves them next to no spread ({std_001_fifth}; Xavier: {xavier_sigmoid_fifth}). The tiny "
    "start never learns ({std_001_accuracy}); the saturated one still does with Adam ({std_1_accuracy}; Xavier: "
    "{xavier_sigmoid_accuracy}).",
    "initial_weights_3": "From layer one to five Xavier keeps tanh alive ({xavier_tanh_first} to {xavier_tanh_fifth}) "
    "and lets ReLU fade ({xavier_relu_first} to {xavier_relu_fifth}), He's doubled variance does not ({he_relu_first} "
    "to {he_relu_fifth}); five layers are too few for that to show in what is learnt: {xavier_tanh_accuracy}, "
    "{xavier_relu_accuracy} and {he_relu_accuracy}.",
    "initial_weights_claim_equal": "units that start equal stay equal",
    "initial_weights_claim_saturated": "a spread of 1 drives more than a quarter of sigmoid's values to their ends",
    "initial_weights_claim_small": "a spread of 0.01 leaves the fifth layer next to no spread",
    "initial_weights_claim_he": "ReLU keeps its spread over five layers with He's weights, not with Xavier's",
    "initial_weights_claim_learnt": "fitting weights learn, equal and tiny ones do not",
    "initial_weights_claim_tie": "with five layers He and Xavier end within five points of each other with ReLU",
    "initial_weights_start": "start",
    "initial_weights_zeros": "zeros, sigmoid",
    "initial_weights_constant": "constant 0.1, sigmoid",
    "initial_weights_std_1": "spread 1, sigmoid",
    "initial_weights_std_001": "spread 0.01, sigmoid",
    "initial_weights_xavier_sigmoid": "Xavier, sigmoid",
    "initial_weights_xavier_tanh": "Xavier, tanh",
    "initial_weights_xavier_relu": "Xavier, ReLU",
    "initial_weights_he_relu": "He, ReLU",
    "initial_weights_spread_1": "spread, layer 1",
    "initial_weights_spread_5": "spread, layer 5",
    "initial_weights_saturated": "saturated, layer 5",
    "initial_weights_accuracy": "accuracy",
    "initial_weights_learnt": "accuracy {accuracy}",
    "initial_weights_layer": "layer {number}",
    "initial_weights_subtitle": "Activations before training, on 300 rows; bars end at {share} of all values",
    # 16. batch normalization
    "batch_normalization_title": "Batch normalization: less depends on the start",
    "batch_normalization_1": "Of {all_spreads} spreads of the initial weights, 0.01 to 1, the net with five hidden "
    "layers learns digits from {without_spreads} without batch normalization and from {with_spreads} with it.",
    "batch_normalization_2": "It is faster where the start is not right: with a spread of 0.1 a validation loss of "
    "{below} takes {with_small} epochs in place of {without_small}, with He's 0.18 {with_he} in place of "
    "{without_he}; of {all_rates} learning rates, 0.05 to 1, {with_rates} work in place of {without_rates}.",
    "batch_normalization_3": "Overfitting is milder, not gone: each at its best rate ({with_rate} and {without_rate}, "
    "{seeds} seeds), the validation loss is {with_loss} in place of {without_loss}, {with_gap} above the train loss "
    "in place of {without_gap}.",
    "batch_normalization_note": "Losses are measured with the running averages of batch normalization (momentum "
    "0.99), which lag behind in the first epochs: there its curves look worse than the net that is being trained.",
    "batch_normalization_never": "more than 20",
    "batch_normalization_claim_spreads": "at least two more spreads work with batch normalization",
    "batch_normalization_claim_faster": "with weights that start too small it learns in fewer epochs",
    "batch_normalization_claim_rates": "it works at a higher learning rate",
    "batch_normalization_claim_milder": "each at its best rate, the validation loss is lower with it",
    "batch_normalization_with": "with batch normalization",
    "batch_normalization_without": "without",
    "batch_normalization_spread": "initial spread",
    "batch_normalization_without_accuracy": "accuracy without",
    "batch_normalization_with_accuracy": "accuracy with",
    "batch_normalization_without_epochs": "epochs without",
    "batch_normalization_with_epochs": "epochs with",
    "batch_normalization_accuracy": "validation accuracy",
    "batch_normalization_spread_axis": "standard deviation of the initial weights",
    "batch_normalization_rate_axis": "learning rate",
    "batch_normalization_spread_panel": "Start, at learning rate 0.05",
    "batch_normalization_rate_panel": "Learning rate, from He's weights",
    "batch_normalization_best_panel": "Each at its best rate",
    "batch_normalization_val_loss": "validation loss",
    "batch_normalization_epoch": "epoch",
    # 17. width and depth
    "width_depth_title": "Twice the width, twice the depth, both",
    "width_depth_1": "Twice as wide ({wide_net} for {base_net}) is {wide_parameters} weights for {base_parameters}, "
    "twice as deep ({deep_net}) {deep_parameters}, both ({both_net}) {both_parameters}; `widen: 2` doubles every "
    "layer, and `deepen: 2`, which repeats each layer in its place, makes {deepened} of the first.",
    "width_depth_2": "Where capacity is wanting it pays: on the parity of four bits {base_solved} of {parity_seeds} "
    "seeds of the small net get all 16 rows right, {wide_solved} of the wide one, {deep_solved} of the deep one, "
    "whose first layer is narrow, and {both_solved} of both.",
    "width_depth_3": "Where data are wanting it does not: on four measurements of tumours ({seeds} seeds) the train "
    "loss goes from {base_train} to {wide_train}, {deep_train} and {both_train}, yet the best validation loss goes "
    "from {base_val} to {wide_val}, {deep_val} and {both_val}.",
    "width_depth_claim_counted": "a layer has (inputs + 1) x units weights",
    "width_depth_claim_parity": "twice the width solves parity with more seeds",
    "width_depth_claim_both": "the wide deep net solves parity with at least as many seeds as the narrow deep one",
    "width_depth_claim_fit": "the wide nets fit the train rows more closely than the small one",
    "width_depth_claim_no_gain": "no larger net lowers the best validation loss on the tumours by 5 %",
    "width_depth_net": "net",
    "width_depth_parameters": "weights",
    "width_depth_share_solved": "parity solved",
    "width_depth_mean_train": "train loss",
    "width_depth_mean_val": "best validation loss",
    "width_depth_parity": "Parity of four bits: seeds with all rows right",
    "width_depth_tumours": "Tumours: loss",
    "width_depth_train_curve": "train loss at the end",
    "width_depth_val_curve": "best validation loss",
    # 18. very deep
    "very_deep_title": "Very deep nets: each layer must pass on what it gets",
    "very_deep_1": "With Xavier's weights a ReLU net of 5 hidden layers gets {xavier_5} of digits right after 15 "
    "epochs, with 10 {xavier_10}, with 20 {xavier_20}, with 50 {xavier_50}: the spread of what arrives falls from "
    "{xavier_first} in the first layer to {xavier_last} in the fiftieth.",
    "very_deep_2": "He's weights lose far less of it ({he_last}) and move the limit: {he_10} with 10 layers, {he_20} "
    "with 20, {he_50} with 50; a fifth of the learning rate helps the deepest ({slow_20} and {slow_50}) and slows "
    "down the others ({slow_5} with 5).",
    "very_deep_3": "With batch normalization it is {normalized_10} with 10 layers and {normalized_20} with 20. Depth "
    "by itself gains nothing on digits: the best of all is {best}, with {best_depth} layers.",
    "very_deep_claim_xavier": "with Xavier's weights 5 ReLU layers learn and 50 do not",
    "very_deep_claim_spread": "over 50 ReLU layers the spread is lost with Xavier's weights; with He's more than a "
    "hundredth is left",
    "very_deep_claim_he": "20 layers learn far more with He's weights than with Xavier's",
    "very_deep_claim_slow": "a smaller rate gets more out of 50 layers",
    "very_deep_claim_normalized": "batch normalization gets more out of 20 layers than He's weights alone",
    "very_deep_note": "Batch normalization is shown up to {depth} layers, so that the lesson stays short: 50 of them "
    "take two minutes to compile. `dlrun train configs/gallery/very-deep.yaml` trains such a net on TensorFlow: "
    "it hardly learns either, and the fix is another architecture (connections that skip layers).",
    "very_deep_remedy": "remedy",
    "very_deep_layers": "{count} layers",
    "very_deep_xavier": "Xavier",
    "very_deep_he": "He",
    "very_deep_slow": "He, a fifth of the rate",
    "very_deep_normalized": "He, batch normalization",
    "very_deep_depth": "hidden layers",
    "very_deep_accuracy": "validation accuracy",
}
