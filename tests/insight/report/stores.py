"""Stores that reports are made of: a small sweep over width and depth, and whatever names may hold."""

from __future__ import annotations

import math
from pathlib import Path

from dlrun.store import Store
from dlrun.store.sweep_folder import SweepFolder, write_sweep
from tests.stored import HOSTILE, curves_of, keep_run, run_id, spec_text

WIDTHS, DEPTHS, SEEDS = (8, 16, 32), (1, 2), (0, 1, 2)
SCRIPT = "window.pwned=1"
"""What every hostile text tries to do."""
ATTACKS = (
    *HOSTILE,
    f"<script>{SCRIPT}</script>",
    f"</script><script>{SCRIPT}</script>",
    f"</SCRIPT ><script>{SCRIPT}</script>",
    f"<!--<script>{SCRIPT}</script>",
    f"--><script>{SCRIPT}</script>",
    f"]]><script>{SCRIPT}</script>",
    f"</title><script>{SCRIPT}</script>",
    f"</style><script>{SCRIPT}</script>",
    f"</textarea><script>{SCRIPT}</script>",
    f"</svg><script>{SCRIPT}</script>",
    f"</pre></details><script>{SCRIPT}</script>",
    f"<img src=x onerror={SCRIPT}>",
    f'"><img src=x onerror={SCRIPT}>',
    f"'><img src=x onerror={SCRIPT}>",
    f'" onmouseover="{SCRIPT}" autofocus onfocus="{SCRIPT}" x="',
    f"' onmouseover='{SCRIPT}' x='",
    f"` onmouseover=`{SCRIPT}`",
    f"<svg onload={SCRIPT}>",
    f"<svg><script>{SCRIPT}</script></svg>",
    f"<svg><animate onbegin={SCRIPT} attributeName=x dur=1s>",
    f"<math><mtext><img src=x onerror={SCRIPT}></mtext></math>",
    f"<body onload={SCRIPT}>",
    f"<details open ontoggle={SCRIPT}>",
    f"<video><source onerror={SCRIPT}></video>",
    f"<input autofocus onfocus={SCRIPT}>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    f"<iframe src=javascript:{SCRIPT}>",
    f"<object data=javascript:{SCRIPT}>",
    f"<embed src=javascript:{SCRIPT}>",
    f"<a href=javascript:{SCRIPT}>x</a>",
    f"<form action=javascript:{SCRIPT}><button>x</button></form>",
    f"<meta http-equiv=refresh content='0;url=javascript:{SCRIPT}'>",
    "<meta http-equiv=refresh content='0;url=https://example.invalid/'>",
    f"<base href=javascript:{SCRIPT}//>",
    "<link rel=stylesheet href=https://example.invalid/x.css>",
    "<img src=https://example.invalid/x.png>",
    "<style>*{background:url(https://example.invalid/x)}</style>",
    "<style>@import 'https://example.invalid/x.css';</style>",
    "background:url(https://example.invalid/x)",
    "expression(window.pwned=1)",
    f"javascript:{SCRIPT}",
    f"java\tscript:{SCRIPT}",
    f"data:text/html,<script>{SCRIPT}</script>",
    f"{{{{constructor.constructor('{SCRIPT}')()}}}}",
    "{{7*7}}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{{ ''.__class__.__mro__ }}",
    "${window.pwned=1}",
    "#{7*7}",
    "<%= 7*7 %>",
    f"\\u003cscript\\u003e{SCRIPT}\\u003c/script\\u003e",
    f"&lt;script&gt;{SCRIPT}&lt;/script&gt;",
    f"&#60;script&#62;{SCRIPT}&#60;/script&#62;",
    f"＜script＞{SCRIPT}＜/script＞",
    f"<scr\0ipt>{SCRIPT}</scr\0ipt>",
    f"<script\u2028>{SCRIPT}</script\u2029>",
    f'";{SCRIPT};//',
    f"';{SCRIPT};//",
    f"\\';{SCRIPT};//",
    f"*/{SCRIPT}/*",
    f"\u2028{SCRIPT}\u2029",
    "__proto__",
    "constructor",
    "\u202e\u2066reversed\u2069",
    "zero\u200bwidth\u200b",
    "\ufeffmark",
    "e" + "\u0301" * 200,
    "\U000e0001\U000e0041tag",
    "![x](javascript:window.pwned=1)",
    "[x](https://example.invalid)",
    "|---|\n| a |",
    "@everyone #1 :tada: $x^2$",
    "```\n# heading\n```",
)
"""Names, labels and notes that someone would put there on purpose."""


def keep_sweep(store: Store, name: str = "grid") -> SweepFolder:
    """Widths x depths x seeds: the widest and deepest is the best, one seed of the narrowest diverged."""
    ids = []
    for width in WIDTHS:
        for depth in DEPTHS:
            for seed in SEEDS:
                lowest = 1.0 / (width * depth) + 0.001 * seed
                changed = {"model.units": [width] * depth, "fit.epochs": 12}
                rows, fields = curves_of(12, best=9, lowest=lowest), {"parameters": 100 * width * depth}
                if (width, depth, seed) == (WIDTHS[0], 1, 2):
                    rows[-1]["val_loss"] = math.nan
                    fields |= {"status": "diverged", "reason": "val_loss is not a number at epoch 12"}
                ids.append(keep_run(store, name, seed=seed, changed=changed, rows=rows, **fields).id)
    text = spec_text(name, 0, {}) + "\n"
    return write_sweep(store.root, name, run_id("sweep", name), text, ids)


def keep_attacks(store: Store) -> SweepFolder:
    """A run per attack: in its name, its notes, its classes, its settings, its data, its environment."""
    ids = [
        keep_run(
            store,
            attack,
            seed=place,
            changed={"model.dropout": place / 1000, "model.activation": attack, f"model.{attack}": attack},
            notes=[attack],
            status="diverged" if place % 7 == 0 else "completed",
            reason=attack if place % 7 == 0 else None,
            classes={attack: 5, "other": 5},
            data={"source": attack, "fingerprint": attack},
            versions={"dlrun": attack, attack: "1"},
            device=attack,
            git_commit=attack,
        ).id
        for place, attack in enumerate(ATTACKS)
    ]
    return write_sweep(store.root, ATTACKS[30], run_id("attacks"), "\n".join(ATTACKS), ids)


def store_at(folder: Path) -> Store:
    """An empty store."""
    return Store(folder / "results")
