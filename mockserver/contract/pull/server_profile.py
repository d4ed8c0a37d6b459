"""Choose the profile of a live server by its version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver import profiles
from mockserver.contract.pull.source import PullError
from mockserver.profiles import Profile


def profile_of(version: Mapping[str, Any], package: str) -> Profile:
    """Return the profile of a server; `package` is the root of its error classes, which depends on the product.

    An intermediate version (`saas~17.2`) has the profile of its major version.  Raises
    `PullError` for a version without a profile.
    """
    version_text = str(version.get("server_version") or "")
    digits = re.search(r"(\d+)(?:\.(\d+))?", version_text)
    if digits is None:
        raise PullError(f"the version of the server is unknown ({version_text!r}); name a profile with --profile")
    serie = f"{digits[1]}.{digits[2] or 0}"
    of_product = [p for p in profiles.PROFILES.values() if p.package == package] or list(profiles.PROFILES.values())
    for candidates in (of_product, list(profiles.PROFILES.values())):
        exact = [p for p in candidates if p.server_version == serie]
        same_major = [p for p in candidates if p.server_version.partition(".")[0] == digits[1]]
        if found := exact or same_major:
            return found[0]
    raise PullError(
        f"there is no profile for a server of version {version_text!r}; name the nearest one with --profile"
    )
