"""ECR and ECR Public as an executable specification: the suite's oracle.

It is written to be read beside AWS's documentation. State is plain frozen data (``state``), each
operation a pure function from a registry and parameters to a registry and an answer, or to a
``Refusal``, with the sentence of the documentation it follows. Where AWS's behaviour is not public,
the docstring says so and the choice is the plainest one that the documentation allows; no rule of
the suite rests on such a choice.

Not every operation is here yet: ``operations`` has the table. One that AWS's API has and the table
lacks is answered as unknown (``UnknownOperationException``, HTTP 400). Signatures are not checked,
policies are kept but not enforced, and another account's registry is closed; what makes a rehearsal
of it stricter is put around it (``strictness``). Docker's manifest schema 1 is not taken.

Addresses are given once for each module; ``API_X`` without more is that page of the API reference,
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ or, for ECR Public,
https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/.
"""

from conformance.reference.refusal import Refusal
from conformance.reference.transport import Behaviour, ReferenceTransport

__all__ = ["Behaviour", "ReferenceTransport", "Refusal"]
