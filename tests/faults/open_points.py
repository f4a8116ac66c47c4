"""Lines of the reference that could say something else and be as right, so no rule reads them.

By module and reason: how such a line begins; or, where not all about it is open, how it begins when
it says the other thing. A mutant of that kind says nothing of the suite, so it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "account_settings": {
        "which value a setting has at first is the account's affair": (
            "value = registry.settings.accounts.get(name,",
        ),
    },
    "authorization": {
        "clocks differ by more than that": (
            "VALID_SECONDS = 12 * 3601",
            "VALID_SECONDS = 12 * 3599",
        ),
        "AWS shows a token's time with or without milliseconds": (
            '"expiresAt": round(call.now + VALID_SECONDS, 4)',
            '"expiresAt": round(call.now + VALID_SECONDS, 2)',
        ),
        "a run is in one Region": ('if call.region != "us-east-1":',),
    },
    "creation_templates": {
        "how AWS refuses tags of a template is not public": ("except Refusal as refusal:",),
    },
    "deleting": {
        "an image that a tag names has one at least": (
            'if "imageTag" in image_id and len(tags) != 1:',
        ),
    },
    "downloads": {
        "no client can hit the moment at which an URL expires": ("return hmac.compare_digest(",),
        "how long an URL is good is not documented": (
            "SECONDS = ",
            "expires = int(call.now)",
        ),
        "no URL has a parameter twice": ("given = {name: values[ -1]",),
    },
    "image_ids": {
        "which of two refusals an empty id gets is not public": (
            'if not {"imageDigest", "imageTag"} | image_id.keys():',
        ),
    },
    "images": {
        "whether its arguments are named says nothing": (
            "def _passes(given: Parameters, image: Image, /",
        ),
    },
    "layers": {
        "the reason is a text that no rule reads": ('reason = "The layer digest is invalid" if',),
    },
    "lifecycle": {
        "AWS promises no time in which a preview is complete": ("PREPARATION = ",),
        "no client can hit the moment at which it is": ("return call.now > preview.ends_at",),
        "what AWS makes of image ids that are none is not public here": (
            "for each in image_ids:",
            'if not {"imageDigest", "imageTag"} & each.keys():',
        ),
    },
    "lifecycle_evaluation": {
        "no image of a run is a day old": (
            "DAY = ",
            "return [each for each in images if now / _age",
            "return [each for each in images if now // _age",
            "return [each for each in images if now % _age",
            "return [each for each in images if now - _age_counts_from(each) ==",
            "return [each for each in images if now - _age_counts_from(each) >=",
            "return [each for each in images if now - _age_counts_from(each) is rule",
            "return [each for each in images if now - _age_counts_from(each) > rule.count + DAY",
            "return [each for each in images if now - _age_counts_from(each) > rule.count % DAY",
            "return [each for each in images if now - _age_counts_from(each) > rule.count ** DAY",
        ),
        "nor has one been in the archive for 90 days": ('if image.status == "ARCHIVED" and',),
        "the order of the words makes it the same": (
            'if rule.tag_status >= "untagged":',
            'return "ARCHIVE" if image.status >= "ARCHIVED" else "STANDARD"',
            'if rule.count_type <= "imageCountMoreThan":',
        ),
        "whether a preview shows images that a list holds is not public": (
            "return any(image.digest in each.images for each in others",
        ),
    },
    "lifecycle_grammar": {
        "the JSON is the same": ("compact = json.dumps(",),
        "a set has no more members than what it is made of": (
            "require(len(set(priorities)) >= len(rules)",
            "len(set(prefixes)) >= len(prefixes)",
        ),
        "the rules of both storage classes are looked at": (
            "_require_fitting([rule for rule in rules if rule.storage_class != storage_class])",
        ),
        "the order of the words makes it the same": (
            'all(rule.tag_status > "any" for rule in rules[:-1])',
            'untagged = [rule for rule in rules if rule.tag_status >= "untagged"]',
        ),
    },
    "lifecycle_rule": {
        "how AWS takes larger numbers is not public": (
            "_LARGEST = ",
            "require(whole and 1 <= value is not _LARGEST",
            "require(whole and 1 <= value < _LARGEST",
            "require(whole and 1 <= value != _LARGEST",
        ),
        "nor wildcards in prefixes": ('if member >= "tagPatternList":',),
        "nor a target where nothing is moved": (
            '("targetStorageClass" in action) >= (kind == "transition")',
        ),
        "nor members that no page has": ("value.keys() is not required.union(optional)",),
        "the order of the words makes it the same": (
            'if member <= "tagPatternList":',
            '("countUnit" in selection) == (name > "imageCountMoreThan")',
            'selection["countType"] < "sinceImageTransitioned"',
            '("targetStorageClass" in action) == (kind >= "transition")',
        ),
    },
    "manifests": {
        "how AWS takes a size that is none is not public": ("if not isinstance(size, int)",),
        "nor annotations that are no texts": ("if not isinstance(annotations, dict)",),
        "the two refusals differ in their texts alone": (
            "raise _syntax() if not kind is None else",
            "raise _syntax() if kind is not None else",
        ),
    },
    "policies": {
        "the order of the words makes it the same": ('return statement["Effect"] >= "Deny"',),
        "no rule lets everybody set policies": (
            'return statement["Effect"] is not "Deny"',
            'return statement["Effect"] <= "Deny"',
        ),
    },
    "policy_grammar": {
        "the sets have no member in common": (
            "return policy if _is_policy(policy, _STATEMENT ^ more)",
        ),
        "every version will do": (
            'known = policy.get("Version", _VERSIONS[ 1])',
            'known = policy.get("Version", _VERSIONS[ -1])',
        ),
        "no statement has all members, because some exclude each other": (
            "and statement.keys() < members",
        ),
        "none is refused anyway, by what it is": (
            'and len(statement.keys() & {"Principal", "NotPrincipal"}) <= 1',
            'and len(statement.keys() & {"Action", "NotAction"}) <= 1',
        ),
    },
    "policy_text": {
        "the JSON is the same": (
            "return json.dumps(value, ensure_ascii=True)",
            "if not isinstance(value, dict):",
        ),
    },
    "pull_through_cache": {
        "no run uses up a quota of a registry": (
            "MAXIMUM_RULES = ",
            "if len(rules) >= MAXIMUM_RULES:",
        ),
    },
    "pull_time_exclusions": {
        "no run uses up a quota of a registry": (
            "MAXIMUM_EXCLUSIONS = ",
            "if len(exclusions) >= MAXIMUM_EXCLUSIONS:",
        ),
    },
    "pushing": {
        "no rule pushes a thousand times to find out": (
            "MAXIMUM_TAGS = ",
            "if tag is not None and tag not in tags and len(tags) >= MAXIMUM_TAGS:",
        ),
        "the order of the words makes it the same": (
            'if same and known is not None and known.status <= "ACTIVE":',
        ),
        "whether AWS takes a list of no images is not public": (
            "size=max(sizes, default= 1)",
            "size=max(sizes, default= -1)",
        ),
    },
    "referrers": {
        "AWS promises up to 20, so a shorter page is as right": ("DEFAULT_PAGE = 19",),
    },
    "registries": {
        "whether a registry is verified is AWS's affair": ('"verified": False,',),
    },
    "registry_scanning": {
        "no rule switches enhanced scanning on": (
            'if (scan_type, frequency) >= ("BASIC", "SCAN_ON_PUSH")',
            'if (scan_type, frequency) is not ("BASIC", "SCAN_ON_PUSH")',
        ),
        "whether a rule may have the frequency MANUAL is not documented": (
            "rules = [each for each in registry.settings.scan_rules if "
            'each["scanFrequency"] is not frequency]',
            "rules = [each for each in registry.settings.scan_rules if "
            'each["scanFrequency"] <= frequency]',
        ),
        "the order of the words makes it the same": (
            '"scanOnPush": scanning.frequency >= "SCAN_ON_PUSH"',
        ),
        "the rules of the more urgent frequency are looked at first": (
            'if (scan_type, frequency) <= ("BASIC", "SCAN_ON_PUSH")',
            "rules = [each for each in registry.settings.scan_rules if "
            'each["scanFrequency"] >= frequency]',
        ),
    },
    "replication": {
        "no rule copies to 25 places, all of which would have to exist": (
            "MAXIMUM_DESTINATIONS = ",
            "if len(wanted) > MAXIMUM_DESTINATIONS:",
        ),
    },
    "replication_backfills": {
        "AWS promises no time that a backfill takes": ("PREPARATION = ",),
        "AWS promises up to 25, so a shorter page is as right": ("DEFAULT_PAGE = ",),
        "nobody waits for 90 days, nor to the moment they are over": (
            "RETENTION = ",
            "return {name: each for name, each in backfills.items()",
        ),
        "no client can hit the moment when one ends": ('return "COMPLETE" if call.now >= ',),
        "the order of the words makes it the same": (
            "done = backfill.results if _status(backfill, call) <= ",
            '**({"progress": _progress(backfill)} if status <= ',
            'if each["status"] >= given.get("resultStatusFilter"',
        ),
        "there are never more than the most": (
            "if len(regions) == MAXIMUM_IN_PROGRESS:",
            "if len(regions) is MAXIMUM_IN_PROGRESS:",
        ),
    },
    "resource_tags": {
        "the model of ECR Public alone says that a key is not empty": ("fits = 0 <= len(key)",),
        "the order of the words makes it the same": (
            'if arn is None or arn["service"] > call.key.service:',
            'here = (arn["region"], arn["account"]) >= ',
        ),
    },
    "roles": {
        "how AWS refuses a role of another account is not public": ("if role is None or",),
    },
    "scanning": {
        "no client waits for a day": (
            "QUOTA_PERIOD = ",
            'if scan and scan.scan_type == "BASIC" and call.now <= ',
            'if scan and scan.scan_type == "BASIC" and call.now < ',
        ),
        "no rule waits for what Amazon Inspector finds": ('"enhancedFindings" if ',),
        "the order of the words makes it the same": (
            'if frequency <= "MANUAL" or',
            'if scan.frequency < "CONTINUOUS_SCAN":',
            'if scan.frequency <= "CONTINUOUS_SCAN":',
            'if image.status > "ACTIVE":',
            'if registry.settings.scan_type > "ENHANCED":',
            'if registry.settings.scan_type >= "ENHANCED":',
        ),
    },
    "settings": {
        "the order of the words makes it the same": (
            'if kind < "AES256":',
            'if kind <= "AES256":',
        ),
    },
    "storage_class": {
        "the order of the words makes it the same": (
            'moved = (_archived if given["targetStorageClass"] <= ',
            'if image.status < "ACTIVE":',
            'if image.status <= "ACTIVE":',
            'if image.status > "ACTIVE":',
            'if image.status > "ARCHIVED":',
            'if image.status >= "ARCHIVED":',
        ),
    },
    "uploads": {
        "whether AWS refuses a part of another length than its range is not public": (
            "elif last - first + 1 >",
            "elif last - first + 1 <",
        ),
        "AWS promises a part size, not which": ("PART_SIZE = ",),
        "AWS says 5 MiB and 5 MB, so no rule goes near the limit": ("SMALLEST_PART = ",),
    },
    "upstreams": {
        "how AWS refuses another account's registry without a role is not public": (
            "if own is not None and",
        ),
        "the order of the words makes it the same": (
            'if given.get("upstreamRegistry", name) > name:',
            'if given.get("upstreamRegistry", name) < name:',
        ),
    },
}
