"""What a department is called, in the language of whoever reads it (A11)."""

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community


def department_name(department: str, community: Community, words: Catalogue) -> str:
    """The name of a department: to a reader of Chinese the community's own, else the common one.

    One that only this community has is called as the community calls it, in any language.
    """
    own, common = community.departments.get(department), words.groups["departments"]
    if own and (words.language.startswith("zh-") or department not in common):
        return own
    return common.get(department, department)
