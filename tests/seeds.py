"""The seed of whatever the tests draw by chance.

A run of the tests repeats the one before it: what fails then is what has changed.  DEMITASSE_SEED=N draws other cases,
DEMITASSE_SEED=random those of a new number; the head of the run says which.  Hypothesis then draws anew, too.
"""

from __future__ import annotations

import os
import random

USUAL = 1
_given = os.environ.get("DEMITASSE_SEED", "")
SEED = random.SystemRandom().randrange(1 << 32) if _given == "random" else int(_given or USUAL)
#: Whether each run draws the same.
REPEATED = not _given
