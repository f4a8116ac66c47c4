"""What the ECR Public Gallery shows of a repository.

https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_RepositoryCatalogData.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reference.call import Call


def catalog_data(given: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """The catalogue data that is kept: as given, but a logo's bytes become the address of one.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    create-repository.rst
    """
    kept = {name: value for name, value in given.items() if name != "logoImageBlob"}
    if "logoImageBlob" in given:
        kept["logoUrl"] = f"{call.origin}/logo/{call.fresh}.png"
    return kept
