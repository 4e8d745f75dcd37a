"""Messages of the gallery's lessons: perceptron."""

MESSAGES: dict[str, str] = {
    # 1. one unit
    "one_unit_title": "One unit learns AND, OR and NAND",
    "one_unit_1": "{right} of {nets} nets of a single unit ({seeds} seeds of each gate) get all four rows right; what "
    "they answer at 00, 01, 10 and 11: {tables}.",
    "one_unit_2": "A threshold is a bias with its sign turned: the first unit of AND answers 1 where {w1} x1 + {w2} "
    "x2 > θ = {threshold}, which is where that sum plus the bias {bias} is above 0, and the two rules agree in "
    "{agree} of {rows} answers.",
    "one_unit_3": "The bias moves the line without turning it, so with the weights of that unit other thresholds are "
    "other gates ({gates}); without a bias the line is tied to (0, 0), where the sum is 0 whatever the weights, and "
    "no seed gets more than {best} of AND or NAND right.",
    "one_unit_claim_learnt": "one unit learns AND, OR and NAND with every seed",
    "one_unit_claim_threshold": "a unit with the threshold θ answers as one with the bias -θ",
    "one_unit_claim_moved": "the same weights are OR or AND, depending on the bias alone",
    "one_unit_claim_without": "without a bias no unit gets all of AND or NAND right",
    "one_unit_with": "{gate}",
    "one_unit_without": "{gate}, no bias",
    "one_unit_unit": "unit",
    "one_unit_weight_1": "w1",
    "one_unit_weight_2": "w2",
    "one_unit_threshold": "θ = -b",
    "one_unit_answers": "at 00, 01, 10, 11",
    "one_unit_lowest": "lowest accuracy",
    "one_unit_highest": "highest accuracy",
    "one_unit_moved": "The weights of AND, bias moved",
    "one_unit_subtitle": "A line per seed. Orange: the answer is 1, blue: it is 0",
    "one_unit_note": "The table's weights are those of the first of {seeds} seeds.",
    # 2. XOR
    "xor_title": "XOR takes two layers",
    "xor_1": "One unit gets at most {best} of XOR's four rows right over {seeds} seeds; with a hidden layer of "
    "{widths} units {solved} of {seeds} seeds get all four right.",
    "xor_2": "Nothing needs to be learnt for it: NAND and OR in the hidden layer and AND behind them, perceptrons "
    "with a step and weights given by hand, answer {answers} at 00, 01, 10 and 11, which is {composed} right.",
    "xor_3": "NAND alone is enough: perceptrons with the weights {w1}, {w2} and the bias {bias}, put together, give "
    "{gates} of the 16 gates of two inputs, XOR with {xor} of them, and none takes more than {most}.",
    "xor_claim_one": "one unit gets at most 75 % of XOR right",
    "xor_claim_two": "a hidden layer of {width} units learns XOR with every seed",
    "xor_claim_composed": "NAND, OR and AND perceptrons put together are XOR",
    "xor_claim_nand": "NAND builds all 16 gates of two inputs, XOR with four of it",
    "xor_net": "net",
    "xor_hidden": "hidden units",
    "xor_solved": "seeds with all right",
    "xor_lowest": "lowest accuracy",
    "xor_mean": "mean accuracy",
    "xor_one_unit": "one unit",
    "xor_hidden_layer": "{width} hidden units",
    "xor_perceptrons": "NAND, OR, AND",
    "xor_subtitle": "Where each net answers 1 (orange) and 0 (blue), and the four corners",
    "xor_panel_one": "One unit: {accuracy} right",
    "xor_panel_learnt": "{width} hidden units, learnt",
    "xor_panel_given": "NAND, OR, AND by hand",
    # 3. forward pass
    "forward_pass_title": "A forward pass is matrix products, biases and two functions",
    "forward_pass_1": "Written by hand in numpy, the forward pass of {seeds} nets with {layers} units gives over "
    "{rows} rows what Keras' predict gives: the largest difference is {difference}.",
    "forward_pass_2": "Every sum of a unit is a dot product ({products} products of one row and one column add up to "
    "{dot}; x @ W1 holds {numpy} there), a bias of shape ({units},) is broadcast to all {rows} rows, and reshape lays "
    "an image of {image} numbers out as a row of {products} without changing one.",
    "forward_pass_3": "Broadcasting hides mistakes too: {rows} predictions of shape ({rows},) against targets of "
    "shape ({rows}, 1) are compared as {square} without an error, and an accuracy of {right} comes out as {wrong}.",
    "forward_pass_note": "Images have more dimensions than tables: two colour photographs are {photographs}, of rank "
    "{rank}.",
    "forward_pass_claim_predict": "numpy by hand gives what predict gives",
    "forward_pass_claim_dot": "a sum of products is the dot product",
    "forward_pass_claim_broadcast": "adding a bias to a table adds it to each row",
    "forward_pass_claim_reshape": "images as rows are what the net is given, and become images again",
    "forward_pass_claim_trap": "a row against a column is compared as a square",
    "forward_pass_tensor": "tensor",
    "forward_pass_shape": "shape",
    "forward_pass_rank": "rank",
    "forward_pass_is_number": "a number",
    "forward_pass_is_bias": "a bias per hidden unit",
    "forward_pass_is_image": "an image",
    "forward_pass_is_images": "all images",
    "forward_pass_is_table": "a table: a row per image",
    "forward_pass_is_batch": "the validation rows",
    "forward_pass_is_kernel": "a weight per input and unit",
    "forward_pass_is_product": "a dot product per row and unit",
    "forward_pass_is_sum": "the bias broadcast to all rows",
    "forward_pass_is_hidden": "relu, number by number",
    "forward_pass_is_logits": "the output layer's sums",
    "forward_pass_is_outputs": "probabilities",
    "forward_pass_image": "Image {shape}",
    "forward_pass_row": "As a row {shape}",
    "forward_pass_hidden": "Hidden layer {shape}",
    "forward_pass_outputs": "Probabilities {shape}",
    "forward_pass_pixel": "pixel",
    "forward_pass_unit": "unit",
    "forward_pass_digit": "digit",
    "forward_pass_subtitle": "One validation row on its way through the net. Bars: by hand; rings: Keras' predict",
    # 4. linear layers
    "linear_layers_title": "Stacking linear layers stays linear",
    "linear_layers_1": "Four linear layers one after the other give what one layer with the product of their matrices "
    "gives: the largest difference over 100 random rows is {difference}.",
    "linear_layers_2": "So depth does not help: over {seeds} seeds no linear net, however deep, gets more than {best} "
    "of XOR right.",
    "linear_layers_3": "One hidden layer with tanh in place of nothing gets {bent} right: the bend between the layers "
    "is what makes depth worth something.",
    "linear_layers_claim_product": "the deep linear net equals the product of its matrices",
    "linear_layers_claim_line": "no linear net gets more than 75 % of XOR right",
    "linear_layers_claim_bent": "one hidden layer with tanh gets all of XOR right",
    "linear_layers_net": "hidden layers x activation",
    "linear_layers_lowest": "lowest accuracy",
    "linear_layers_mean": "mean accuracy",
    "linear_layers_highest": "highest accuracy",
    "linear_layers_accuracy": "accuracy on XOR",
    # 5. features
    "features_title": "A feature made by hand, or found by a hidden layer",
    "features_1": "No line separates (0, 3) and (3, 0) from (1, 2) and (2, 1): a linear program finds no weights, as "
    "both pairs have the middle ({middle}), and one unit gets at most {best} right over {seeds} seeds.",
    "features_2": "One feature made by hand is enough: a unit that is given x1*x2 gets all four right with {product} "
    "of {seeds} seeds, one that is given x1^2 + x2^2 with {radius}.",
    "features_3": "A hidden layer finds a feature by itself with {hidden} of {seeds} seeds, but four points do not "
    "say which: over the square from 0 to 3 these nets answer as the one with x1*x2 in {low} to {high} of all places, "
    "while the two made by hand agree in {hand}.",
    "features_claim_impossible": "no line separates the points, and no unit gets all right",
    "features_claim_made": "with x1*x2 or x1^2 + x2^2 one unit gets all right with every seed",
    "features_claim_learnt": "a hidden layer gets all right with every seed",
    "features_claim_differ": "the learnt feature is not the one made by hand",
    "features_unit_on": "One unit on {given}",
    "features_hidden": "{units} hidden units on x1, x2",
    "features_net": "net",
    "features_line": "separable by a line",
    "features_solved": "seeds with all right",
    "features_lowest": "lowest accuracy",
    "features_highest": "highest accuracy",
    "features_yes": "yes",
    "features_no": "no",
    "features_subtitle": "Where the first net of each kind answers 1 (orange) and 0 (blue), and the four points",
    # 6. representations
    "representations_title": "Representations grow layer by layer",
    "representations_1": "A logistic regression on the inputs tells the two spirals apart for {inputs} of the "
    "validation rows; on what the {count} hidden layers of a trained net make of them it does for {layers} (mean of "
    "{seeds} seeds).",
    "representations_2": "Trained one by one, each layer with an output layer on it and then kept as it is, the "
    "layers reach {greedy}: alone, the second is read with {second_alone}, together with {second}.",
    "representations_3": "In the end the net trained together gets {joint} of the validation rows right, the one "
    "trained layer by layer {apart}: a layer that is trained alone serves the output right behind it, not the layers "
    "that are still to come.",
    "representations_note": "Each layer that is trained alone has the {epochs} epochs that the whole net has, so one "
    "by one is the longer training.",
    "representations_claim_last": "a line reads the last hidden layer better than the first, and than the inputs (95 "
    "% interval over seeds)",
    "representations_claim_joint": "trained together the layers do better than one by one on average, and with no "
    "seed worse",
    "representations_inputs": "Inputs",
    "representations_layer": "Layer {depth}",
    "representations_whole": "Output of the net",
    "representations_read_from": "accuracy read from",
    "representations_together": "trained together",
    "representations_one_by_one": "one by one",
    "representations_accuracy": "accuracy of a line",
    "representations_subtitle": "Above: validation rows as each layer of one net shows them (two principal "
    "components). Below: mean and 95 % interval",
    # 7. universal approximation
    "universal_approximation_title": "One hidden layer comes as close to a curve as its units allow",
    "universal_approximation_1": "One hidden layer with {widths} relu units learns a wave from -1 to 1 with errors of "
    "{errors} (root mean square all along the curve, mean of {seeds} seeds).",
    "universal_approximation_2": "With {smallest} units the line has at most {smallest} bends, and depending on the "
    "seed the net is off by {low} to {high}, where a net that always says 0 would be off by {zero}.",
    "universal_approximation_3": "With {largest} units the worst of {seeds} seeds is {times} times closer than the "
    "best with {smallest}, and nowhere further off than {largest_farthest} (mean of the seeds): the layer was trained "
    "on {rows} points, and follows the curve between them too.",
    "universal_approximation_claim_falls": "each four times as many units come closer (95 % interval of the error's "
    "logarithm over seeds)",
    "universal_approximation_claim_close": "with 128 units every seed is less than 0.01 off",
    "universal_approximation_width": "hidden units",
    "universal_approximation_parameters": "parameters",
    "universal_approximation_mean": "mean error",
    "universal_approximation_best": "lowest",
    "universal_approximation_worst": "highest",
    "universal_approximation_farthest": "largest error anywhere",
    "universal_approximation_units": "{width} units",
    "universal_approximation_error": "Error of each seed",
    "universal_approximation_subtitle": "Grey: the curve; a thin line per seed. Right: root mean square error",
}
