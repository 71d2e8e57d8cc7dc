"""Reading people and those they book for; each caller finds only what is theirs."""

from .dependants import child_of, children_of, pet_of, pets_of
from .export import export_of
from .people import canonical_login, find_by_login, home_of, realtor_id_of
from .tokens import bearer_of

__all__ = [
    "bearer_of",
    "canonical_login",
    "child_of",
    "children_of",
    "export_of",
    "find_by_login",
    "home_of",
    "pet_of",
    "pets_of",
    "realtor_id_of",
]
