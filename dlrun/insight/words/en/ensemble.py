"""Messages about ensembles."""

MESSAGES: dict[str, str] = {
    "title": "{method} of {members} runs",
    "method_vote": "majority vote",
    "method_mean": "mean",
    "method_weighted": "weighted mean",
    "method_stack": "final layer",
    "title_member": "member",
    "title_kind": "kind",
    "title_seed": "seed",
    "title_folds": "folds",
    "title_weight": "weight",
    "title_val": "val {metric}",
    "title_best": "best",
    "the_ensemble": "the ensemble",
    "the_best": "best member",
    "better": "Better than its best member in {metric}: {difference} (95 % interval {low} to {high} over validation "
    "rows).",
    "tie": "No difference in {metric} to its best member beyond chance: {difference} (95 % interval {low} to {high} "
    "over validation rows).",
    "worse": "Worse than its best member in {metric}: {difference} (95 % interval {low} to {high} over validation "
    "rows).",
    "unknown": "The difference in {metric} to its best member is not known: some value is no number.",
    "chosen": "The best member was chosen by these very rows, which flatters it: on new rows the ensemble stands "
    "rather better beside it.",
    "disagree_classes": "Its members do not all name the same class for {share} of the rows.",
    "disagree_amounts": "Its members' predictions spread by {spread} on average (standard deviation, in the target's "
    "unit).",
    "same": "Its members say the same of every row, so joining them changes nothing.",
    "one_column": "Each row is judged by the one fold that was not trained on it, so these values are those of one "
    "member. What all are worth together shows on test rows: `dlrun evaluate`.",
    "no_rows": "No validation rows were held out, so nothing says whether it is better than a member.",
    "again": "This ensemble is there already; --force makes it again.",
    "again_named": "This ensemble is there already and is called {name}; --force makes it again under the new name.",
    "no_curves": "an ensemble is not trained, so it has no curves to judge; `dlrun show` lists its members, whose "
    "curves `dlrun diagnose` judges",
}
