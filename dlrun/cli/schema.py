"""`dlrun schema`: the JSON Schema of a config file."""

from __future__ import annotations


def schema() -> None:
    """Print the JSON Schema (draft 7) of a config, for editors.

    Example: dlrun schema > dlrun.schema.json
    """
    import json

    from dlrun.spec import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
