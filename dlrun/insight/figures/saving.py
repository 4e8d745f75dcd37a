"""A figure as a file or as text: PNG, SVG, and an HTML page that needs nothing but itself.

What it takes (2 cores, idle): importing altair 0.4 s; Vega's start in vl-convert 0.4 s; 20,000 points about 1 s. Charts
become dicts with `validate=False`: checking every row of the data against the JSON Schema takes seconds (tests do it).

**Vega in a page.** `vega_script()` is all of Vega, Vega-Lite and Vega-Embed, 0.9 MB, and defines `vegaEmbed`.
vl-convert needs 3 to 5 s to put it together, so it is kept in the user's cache folder and takes 5 ms from the second
time on. With `ast: true` Vega interprets its expressions and needs no `unsafe-eval`, so a page may carry the policy of
`policy()`: only the scripts whose hash it names run, and nothing is loaded (tried in headless chromium). The figures
of a page are drawn by `vegaEmbed(element, figure, EMBED)`, parsed from `<script type="application/json">`
(`script_json`). A page that needs no tooltips takes `svg(figure)`: 0.1 s each after Vega's start, and no script at all.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlrun.errors import StoreNotWritable, UsageError
from dlrun.store.files import write_whole

SCALE = 2
"""Pixels of a PNG per point of the figure."""
ENDINGS = (".png", ".svg", ".html")
EMBED = '{"ast": true, "actions": false, "renderer": "svg"}'
"""The options of `vegaEmbed`, as JavaScript."""


def save(figure: Any, path: Path, title: str = "dlrun") -> None:
    """Writes the figure in the format its ending names, whole or not at all.

    Args:
        figure: an altair chart, or its dict.
        title: of the page, where it is one.
    Raises:
        UsageError: it does not end in .png, .svg or .html.
        StoreNotWritable: the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"a picture's name must end in {', '.join(ENDINGS)}. Received: {str(path)!r}")
    if os.path.isdir(path):  # as Path.is_dir, but for a name that is too long
        raise UsageError(f"a picture needs the name of a file. Received: {str(path)!r}, which is a folder")
    content = png(figure) if ending == ".png" else (svg(figure) if ending == ".svg" else page(figure, title)).encode()
    write_whole(path, lambda aside: _write(aside, content))


def png(figure: Any) -> bytes:
    """The figure as PNG."""
    import vl_convert

    picture: bytes = vl_convert.vegalite_to_png(definition(figure), scale=SCALE)
    return picture


def svg(figure: Any) -> str:
    """The figure as SVG, an `<svg>` element that may stand in a page."""
    import vl_convert

    picture: str = vl_convert.vegalite_to_svg(definition(figure))
    return picture


def page(figure: Any, title: str = "dlrun") -> str:
    """The figure as an HTML page that loads nothing: script and rows stand in it, a policy forbids the rest."""
    library = vega_script()
    head = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy([library, _DRAW])}">'
    return (
        f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        '<div id="figure"></div>\n'
        f'<script id="definition" type="application/json">{script_json(definition(figure))}</script>\n'
        f"<script>{library}</script>\n<script>{_DRAW}</script>\n</body>\n</html>\n"
    )


def definition(figure: Any) -> dict[str, Any]:
    """The figure's Vega-Lite definition as a dict, with all rows as lists."""
    found: dict[str, Any] = dict(figure if isinstance(figure, dict) else figure.to_dict(validate=False))
    if "datasets" in found:  # where altair puts inline rows; many of them are JSON text (`style.inline_rows`)
        found["datasets"] = {name: _read(rows) for name, rows in found["datasets"].items()}
    return found


def _read(rows: Any) -> Any:
    return json.loads(rows) if isinstance(rows, str) else rows


def script_json(value: Any) -> str:
    """JSON that may stand in a `<script>` element: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def policy(scripts: Sequence[str]) -> str:
    """A Content-Security-Policy that runs these inline scripts alone (by their hash) and loads nothing."""
    allowed = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts
    )
    return (
        f"default-src 'none'; script-src {allowed or chr(39) + 'none' + chr(39)}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def vega_script() -> str:
    """JavaScript that defines `vegaEmbed`, `vega` and `vegaLite`; kept in the user's cache folder."""
    import vl_convert

    versions = f"{vl_convert.get_vega_version()}-{vl_convert.get_vegalite_versions()[-1]}"
    name = f"vega-{versions}-{vl_convert.get_vega_embed_version()}.js"
    with suppress(OSError, UnicodeError, RuntimeError):  # RuntimeError: nobody's home
        return (_cache_folder() / name).read_text(encoding="utf-8")
    script = vl_convert.javascript_bundle(_GLOBALS).replace("</script", "<\\/script").replace("<!--", "<\\!--")
    with suppress(OSError, StoreNotWritable, RuntimeError):  # a cache that cannot be written costs time, nothing else
        kept = _cache_folder() / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, lambda aside: _write(aside, script.encode()))
    return script


def _cache_folder() -> Path:
    given = os.environ.get("DLRUN_CACHE")
    if given:
        return Path(given).expanduser().absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dlrun"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


_GLOBALS = "window.vegaEmbed = vegaEmbed; window.vega = vega; window.vegaLite = vegaLite;"
_STYLE = "body{margin:0;background:#fff;font-family:sans-serif}#figure{padding:8px;overflow:auto}"
_DRAW = f"""
const definition = JSON.parse(document.getElementById("definition").textContent);
vegaEmbed("#figure", definition, {EMBED}).catch((error) => {{
  document.getElementById("figure").textContent = String(error);
}});
"""
