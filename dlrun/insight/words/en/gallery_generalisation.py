"""Messages of the gallery's lessons: generalisation."""

MESSAGES: dict[str, str] = {
    # 19. overfitting
    "overfitting_title": "Overfitting made on purpose, and what cures it",
    "overfitting_1": "Seven layers of 100 units learn {rows} noisy points: after {epochs} epochs the train loss is "
    "{train}, the validation loss {val}, though it had been down to {lowest} in epoch {turn} ({seeds} seeds).",
    "overfitting_2": "One thing against it at a time, and {helped} of {cures} lower that validation loss beyond the "
    "spread of the seeds: most of all {best}, to {best_val}; least of all {least}, to {least_val}.",
    "overfitting_3": "Each closes the gap in its own way: some let the weights be less exact, some stop before it "
    "opens, more rows give less to learn by heart. They can be combined; `dlrun diagnose` says which to try first.",
    "overfitting_claim_turn": "the validation loss rises again while the net goes on learning",
    "overfitting_claim_dropout": "dropout lowers the validation loss",
    "overfitting_claim_l2": "L2 lowers the validation loss",
    "overfitting_claim_l1": "L1 lowers the validation loss",
    "overfitting_claim_early_stopping": "early stopping lowers the validation loss",
    "overfitting_claim_more_rows": "five times the rows lower the validation loss",
    "overfitting_claim_noise": "noise on the inputs lowers the validation loss",
    "overfitting_claim_smaller_net": "a smaller net lowers the validation loss",
    "overfitting_of_nothing": "nothing",
    "overfitting_of_dropout": "dropout 0.1",
    "overfitting_of_l2": "L2 0.003",
    "overfitting_of_l1": "L1 0.001",
    "overfitting_of_early_stopping": "early stopping",
    "overfitting_of_more_rows": "1,500 rows",
    "overfitting_of_noise": "input noise 0.2",
    "overfitting_of_smaller_net": "one layer of 16",
    "overfitting_cure": "against it",
    "overfitting_cured": "one thing against it at a time",
    "overfitting_train_loss": "train loss",
    "overfitting_val_loss": "validation loss",
    "overfitting_gap": "gap",
    "overfitting_accuracy": "validation accuracy",
    "overfitting_change": "change of validation loss",
    "overfitting_epoch": "epoch",
    "overfitting_loss": "loss (data loss)",
    "overfitting_subtitle": "{seeds} seeds; bars: 95 % interval of the mean, line: nothing done",
    # 20. capacity
    "capacity_title": "Capacity: too little, too much, and the map between",
    "capacity_1": "Nets of {all} sizes learn 120 noisy points of two circles ({seeds} seeds each): {under} cells lie "
    "on the underfit side, none wider than {widest_under}, {over} on the overfit side, none narrower than "
    "{narrowest_over}.",
    "capacity_2": "From {narrow} unit to {wide} per layer the train loss falls from {narrow_train_loss} to "
    "{wide_train_loss}, while the gap between validation and train loss grows from {narrow_gap} to {wide_gap}.",
    "capacity_3": "So the validation loss is lowest between the two: at width {best_width} and depth {best_depth} it "
    "is {best_loss}; over all depths it is {narrow_val_loss} at width {narrow} and {wide_val_loss} at width {wide}.",
    "capacity_claim_sides": "narrow nets underfit, wide ones overfit",
    "capacity_claim_train": "wide nets fit the train rows more closely",
    "capacity_claim_gap": "the gap grows with width",
    "capacity_claim_between": "the widest nets have a higher validation loss than some narrower ones",
    "capacity_width": "width",
    "capacity_train_loss": "train loss",
    "capacity_val_loss": "validation loss",
    "capacity_gap": "gap",
    # 21. validation data are not test data
    "test_data_title": "Validation data are not test data",
    "test_data_1": "Of {configurations} configurations the one with the best accuracy on {rows} rows is chosen: on "
    "those very rows it looks {most_mean} points better than on fresh ones ({most_low} to {most_high}, over {splits} "
    "draws of all data).",
    "test_data_2": "The more is tried, the more it flatters: with a single configuration, where nothing is chosen, "
    "it is {one_mean} points, with four {few_mean}.",
    "test_data_3": "{rows} rows that had no part in the choice tell the truth: there the chosen one is off by "
    "{apart_mean} points ({apart_low} to {apart_high}). Whoever chooses on the test rows has none left to report.",
    "test_data_claim_flattered": "the rows by which the best of 24 was chosen show it as too good",
    "test_data_claim_grows": "the best of 24 is flattered more than the best of 4",
    "test_data_claim_honest": "rows that did not choose are off by less than a quarter of that",
    "test_data_tried": "configurations tried",
    "test_data_chosen": "too good by, on the rows that chose (points)",
    "test_data_half": "± (95 %)",
    "test_data_apart": "on rows kept apart",
    "test_data_optimism": "accuracy shown - accuracy on fresh rows",
    "test_data_chosen_series": "on the rows that chose",
    "test_data_apart_series": "on rows kept apart",
    # 22. random against grid search
    "random_search_title": "Grid, random and zoom search at equal cost",
    "random_search_1": "With {trials} trials over learning rate, dropout and L2 a grid tries {grid_rates} rates, "
    "random search {random_rates}: over {repetitions} searches, each with another range, the best validation loss is "
    "{grid_best} with the grid and {random_best} with random draws ({random_gain_low} to {random_gain_high} better).",
    "random_search_2": "The grid is as good as its luck: at worst its best is {grid_worst}, where random draws come to "
    "{random_worst} and zooming to {zoom_worst}.",
    "random_search_3": "Zooming, which draws again around its best on a log scale, spends its trials better: its last "
    "{last_trials} have a median of {zoom_last} ({random_last} for random draws). What it gains in the best is small: "
    "{zoom_best}, {zoom_gain_low} to {zoom_gain_high} better than random.",
    "random_search_claim_random": "random draws find a lower validation loss than a grid of equally many trials",
    "random_search_claim_zoom": "the last third of zoom's trials is better than that of random draws",
    "random_search_claim_best": "zoom's best is not worse than that of random draws",
    "random_search_grid": "grid",
    "random_search_random": "random",
    "random_search_zoom": "zoom",
    "random_search_search": "search",
    "random_search_rates": "learning rates tried",
    "random_search_best": "best validation loss",
    "random_search_worst": "worst of the bests",
    "random_search_last": "median of the last third",
    "random_search_rate": "learning rate",
    "random_search_loss": "validation loss",
    "random_search_trial": "trials so far",
    "random_search_where": "One search of each (losses above 2.5 at the edge)",
    "random_search_sofar": "Best so far, mean of all searches",
    # 23. ensembles
    "ensembles_title": "Ensembles: several nets decide together",
    "ensembles_1": "{seeds} nets that differ in their seed alone name {single} of {rows} unseen digits right on "
    "average, but not the same ones: on {differ} of the rows they do not all agree.",
    "ensembles_2": "Joined they do better than the average one of them: by vote {vote_mean} points ({vote_low} to "
    "{vote_high}), by the mean of their probabilities {mean_mean} ({mean_low} to {mean_high}), by a final layer that "
    "learns from validation rows whom to believe {stack_mean} ({stack_low} to {stack_high}).",
    "ensembles_3": "Against the best single one, chosen on validation rows ({chosen}), the mean of all has {over_mean} "
    "points ({over_low} to {over_high}): {beyond}. It needs no rows to choose by, and its log loss is {mean_loss} in "
    "place of {chosen_loss}.",
    "ensembles_better": "more than chance",
    "ensembles_worse": "less than the chosen one",
    "ensembles_chance": "no difference beyond chance",
    "ensembles_note": "{splits} splits of the same digits; as they share rows, intervals are widened (Nadeau and "
    "Bengio 2003). The nets are small, so that single ones err.",
    "ensembles_claim_vote": "the vote of five is right more often than one of them on average",
    "ensembles_claim_mean": "the mean of five is right more often than one of them on average",
    "ensembles_claim_stack": "a final layer over five is right more often than one of them on average",
    "ensembles_claim_loss": "the mean of five has a lower log loss than one of them on average",
    "ensembles_of_single": "one net, on average",
    "ensembles_of_chosen": "best on validation rows",
    "ensembles_of_vote": "vote",
    "ensembles_of_mean": "mean",
    "ensembles_of_stack": "final layer",
    "ensembles_way": "who decides",
    "ensembles_accuracy": "test accuracy",
    "ensembles_loss": "test log loss",
    "ensembles_over_single": "more than the average net (points)",
    "ensembles_over_chosen": "more than the chosen one",
    "ensembles_against_single": "than the average net",
    "ensembles_against_chosen": "than the one validation rows chose",
    "ensembles_members": "nets in the mean",
    "ensembles_gain": "more test accuracy (points)",
    "ensembles_members_title": "Each further net brings less",
    "ensembles_ways_title": "Five nets joined have more test accuracy ...",
    "ensembles_subtitle": "Mean over {splits} splits with 95 % intervals; 0: as good as the one compared with",
    # 24. the classics
    "classics_title": "The classics in one table: no method wins everywhere",
    "classics_1": "Three round clouds of points and {rows} rows to learn from: {best} wins with {accuracy}, {mean} "
    "points ({low} to {high}) before {second}; a support vector machine has {svm}, the net {net}. Few rows "
    "bear few weights.",
    "classics_2": "Loans that were given by a rule of thresholds: {best} wins with {accuracy}, {mean} points ({low} to "
    "{high}) before the best that is no tree, {second}; the net has {net}. A tree asks for thresholds.",
    "classics_3": "Two arms of a spiral: {best} wins with {accuracy}, {mean} points ({low} to {high}) before {second}. "
    "A method wins where its shapes are those of the data; `dlrun baselines` tries the others on a net's own rows.",
    "classics_note": "Nothing is tuned: each method has its usual arguments, the net is the same on all three. "
    "Gradient boosting wants 20 rows per leaf, so 18 rows teach it nothing. Splits: {splits}; of the loans "
    "they share rows, so intervals are widened (Nadeau and Bengio 2003).",
    "classics_aside": "k nearest neighbours is not one of the seven. It comes to {clouds}, {rules} and {spirals}.",
    "classics_claim_clouds": "on clouds with few rows logistic regression is best, and beats naive Bayes, every tree "
    "and the net",
    "classics_claim_rules": "on a rule of thresholds trees, joined, beat every method that is no tree",
    "classics_claim_spirals": "on spirals the net beats every other method",
    "classics_of_naive_bayes": "naive Bayes",
    "classics_of_linear_model": "logistic regression",
    "classics_of_svm": "support vector machine",
    "classics_of_decision_tree": "decision tree",
    "classics_of_random_forest": "random forest",
    "classics_of_gradient_boosting": "gradient boosting",
    "classics_of_mlp": "multilayer perceptron",
    "classics_method": "method",
    "classics_clouds": "three clouds, 18 rows",
    "classics_rules": "a rule of thresholds",
    "classics_spirals": "two spirals",
    "classics_accuracy": "validation accuracy",
    "classics_subtitle": "Mean over splits with 95 % intervals; orange: the best",
    # 25. MNIST and Fashion-MNIST
    "mnist_ensemble_title": "MNIST and Fashion-MNIST: augmentation and an ensemble",
    "mnist_ensemble_1": "{seeds} nets of {mnist_units} learn digits that are turned, moved and scaled a little anew "
    "in every epoch. One names {mnist_one} of {mnist_validation} validation images right, their mean {mnist_joined}; "
    "of {mnist_test_rows} test images, opened once, {mnist_test_mean} ({mnist_test_low} to {mnist_test_high}).",
    "mnist_ensemble_2": "{seeds} nets of {fashion_units} learn clothes that are moved by half a pixel at most. "
    "One names {fashion_one} right, their mean {fashion_joined}; of the test images {fashion_test_mean} "
    "({fashion_test_low} to {fashion_test_high}).",
    "mnist_ensemble_3": "Joining five gains {mnist_gain_mean} points of validation accuracy on digits "
    "({mnist_gain_low} to {mnist_gain_high}) and {fashion_gain_mean} on clothes ({fashion_gain_low} to "
    "{fashion_gain_high}). Such a net does not know which pixels are neighbours; augmentation shows it which changes "
    "mean nothing.",
    "mnist_ensemble_note": "Training took {minutes} minutes, added up over the ten nets. Sizes and epochs are those "
    "of the configs, which validation rows chose.",
    "mnist_ensemble_claim_mnist": "five nets joined reach a test accuracy of {wanted} on MNIST",
    "mnist_ensemble_claim_fashion": "five nets joined reach a test accuracy of {wanted} on Fashion-MNIST",
    "mnist_ensemble_claim_joined": "the mean of five has a higher validation accuracy than one of them",
    "mnist_ensemble_of_mnist": "MNIST",
    "mnist_ensemble_of_fashion": "Fashion-MNIST",
    "mnist_ensemble_set": "data",
    "mnist_ensemble_one": "one net, validation",
    "mnist_ensemble_joined": "five joined, validation",
    "mnist_ensemble_test": "five joined, test",
    "mnist_ensemble_low": "from",
    "mnist_ensemble_high": "to",
    "mnist_ensemble_minutes": "minutes",
    "mnist_ensemble_accuracy": "accuracy",
    "mnist_ensemble_bar_one": "one net, validation",
    "mnist_ensemble_bar_joined": "five, validation",
    "mnist_ensemble_bar_test": "five, test",
    "mnist_ensemble_subtitle": "Bars: 95 % intervals, of one net over {seeds} seeds, of the test over its rows",
}
