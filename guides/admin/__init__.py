"""Django looks for an app's admin here; each module keeps what changes together."""

from guides.admin.editions import EditionAdmin
from guides.admin.guides import GuideAdmin
from guides.admin.reference import ReferenceAdmin

__all__ = ["EditionAdmin", "GuideAdmin", "ReferenceAdmin"]
