"""What must not leave the machine: found in one way, replaced according to two policies.

Reports write ``REDACTED`` for every secret. Recordings keep the form of what they replace, because
they are replayed and judged again.
"""

from conformance.transport.redaction.finding import known_secrets
from conformance.transport.redaction.recordings import Redactor
from conformance.transport.redaction.reports import REDACTED, redact, redact_text

__all__ = ["REDACTED", "Redactor", "known_secrets", "redact", "redact_text"]
