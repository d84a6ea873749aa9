"""Which work is at a part that no household owns: by its unit, or by its matter (B13, G12)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.regulation.policies import WarrantyPolicy


def is_common(case: Case) -> bool:
    """Whether the work is at a common part: no unit is named, so no household can sign."""
    return not case.report.unit


def is_nobodys_own(case: Case, policy: WarrantyPolicy) -> bool:
    """Whether no household pays for it: it is at a common part, or its matter is of one (G12)."""
    return is_common(case) or case.classification.matter in policy.common
