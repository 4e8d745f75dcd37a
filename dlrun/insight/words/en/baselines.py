"""Messages about baselines."""

MESSAGES: dict[str, str] = {
    "none": "No baseline came to a number.",
    "no_net": "The best baseline is {baseline}: {metric} {other}. No net on these rows is in the store yet; "
    "`dlrun train CONFIG` trains one.",
    "train_only": "No rows are held out, so nothing says which is better on new rows: {net} has {metric} {value}, "
    "{baseline} {other}.",
    "net_better": "The best net, {net}, beats the best baseline, {baseline}: {metric} {value} against {other}. "
    "Difference {change}.",
    "net_worse": "The best net, {net}, loses to {baseline}: {metric} {value} against {other}. Difference {change}.",
    "net_tie": "Nothing tells the best net, {net}, from the best baseline, {baseline}: {metric} {value} against "
    "{other}. Difference {change}.",
    "net_cannot_tell": "The best net, {net}, has {metric} {value}, the best baseline, {baseline}, {other}. Difference "
    "{change}; {why}.",
    "why_unknown": "how much of it is luck cannot be told from what is stored",
    "why_grouped": "how much of it is luck cannot be told, as the rows belong to groups (data.group) and are no "
    "independent draws",
    "why_diverged": "seeds of the one that is ahead diverged, and those that are left make it look better than it is",
    "name_trivial": "trivial predictor",
    "name_naive_bayes": "naive Bayes",
    "name_linear_model": "logistic regression",
    "name_linear_model_numbers": "linear regression",
    "name_nearest_neighbors": "k nearest neighbours",
    "name_svm": "support vector machine",
    "name_svm_numbers": "support vector regression",
    "name_decision_tree": "decision tree",
    "name_random_forest": "random forest",
    "name_gradient_boosting": "gradient boosting",
    "size": "{size}",
    "with_seeds": "{size} ± {half} (95 %, over {rows} validation rows and over seeds)",
    "rows_alone": "{size} ± {half} (95 %, over {rows} validation rows; seeds are not in it)",
    "more_nets": "The best 5 configurations of nets are shown, {count} more are left out: `dlrun compare` shows them",
    "loses": "loses to {baseline} on the same rows: {metric} {value} against {other}, a difference of {change}",
    "level": "no better than {baseline} on the same rows: {metric} {value} against {other}, a difference of {change}",
    "behind": "{baseline} is better on the same rows: {metric} {value} against {other}, but {why}",
    "beats": "beats the best baseline on the same rows, {baseline}: {metric} {value} against {other}, a difference of "
    "{change}",
    "ahead": "the best baseline on the same rows, {baseline}, has {metric} {other}; this run {value}",
    "no_epochs": "a classical method: it has no epochs, so there are no curves to judge by",
}
