"""What several predictors say of the same rows -> one answer: votes, means, weights, a final decision layer."""
