"""Whether a line can separate two classes: decided by a linear program, not by trying."""

from __future__ import annotations

import numpy as np


def separable(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether weights w and a bias b exist with w x + b >= 1 for the rows of class 1 and <= -1 for those of class 0.

    That is so exactly if a line (a plane, in more dimensions) has the classes on different sides; scipy's HiGHS finds
    such weights, or shows that there are none.

    Args:
        x: (rows, features).
        y: 0 or 1 per row.
    Raises:
        ArithmeticError: the solver came to no decision.
    """
    from scipy.optimize import linprog

    signs = np.where(np.asarray(y) == 1, 1.0, -1.0)[:, None]
    sides = -signs * np.column_stack([x, np.ones(len(x))])
    found = linprog(np.zeros(sides.shape[1]), A_ub=sides, b_ub=-np.ones(len(x)), bounds=(None, None), method="highs")
    if found.status not in (_SOLVED, _INFEASIBLE):
        raise ArithmeticError(f"the linear program was not decided: {found.message}")
    return bool(found.status == _SOLVED)


_SOLVED, _INFEASIBLE = 0, 2
