"""Lines of the reference that could say something else and be as right, so no rule reads them.

By module, how such a line begins, with the reason. A mutant of one says nothing of the suite.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN: Mapping[str, Mapping[str, str]] = {
    "downloads": {
        "return hmac.compare_digest(": "no client can hit the moment at which an URL expires",
    },
    "manifests": {
        "if not isinstance(size, int)": "how AWS takes a size that is none is not public",
        "if not isinstance(annotations, dict)": "nor annotations that are no texts",
    },
    "replication_backfills": {
        "PREPARATION = ": "AWS promises no time that a backfill takes",
        "DEFAULT_PAGE = ": "AWS promises up to 25, so a shorter page is as right",
        "RETENTION = ": "nobody waits for 90 days",
        "return {name: each for name, each in backfills.items()": "nor to the moment they are over",
        'return "COMPLETE" if call.now >= ': "no client can hit the moment when one ends",
        'name = given["replicationBackfillId"].lower()': "how AWS reads capitals is not public",
    },
    "uploads": {
        "PART_SIZE = ": "AWS promises a part size, not which",
        "SMALLEST_PART = ": "AWS says 5 MiB and 5 MB, so no rule goes near the limit",
    },
}
