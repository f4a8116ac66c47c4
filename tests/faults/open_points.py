"""Lines of the reference that could say something else and be as right, so no rule reads them.

By module and reason: how such a line begins; or, where not all about it is open, how it begins when
it says the other thing. A mutant of that kind says nothing of the suite, so it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "downloads": {
        "no client can hit the moment at which an URL expires": ("return hmac.compare_digest(",),
    },
    "manifests": {
        "how AWS takes a size that is none is not public": ("if not isinstance(size, int)",),
        "nor annotations that are no texts": ("if not isinstance(annotations, dict)",),
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
        "AWS promises a part size, not which": ("PART_SIZE = ",),
        "AWS says 5 MiB and 5 MB, so no rule goes near the limit": ("SMALLEST_PART = ",),
    },
}
