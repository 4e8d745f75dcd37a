"""Messages of the gallery's lessons: perceptron."""

MESSAGES: dict[str, str] = {
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
}
