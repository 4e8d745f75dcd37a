"""Messages about baselines."""

MESSAGES: dict[str, str] = {}
