"""Messages about report."""

MESSAGES: dict[str, str] = {}
