"""Django looks for an app's admin here; each module keeps what changes together."""

from guides.admin.editions import EditionAdmin
from guides.admin.facts import FactAdmin
from guides.admin.guides import GuideAdmin
from guides.admin.helplines import HelplineAdmin
from guides.admin.library import LibraryAdmin
from guides.admin.reference import ReferenceAdmin
from guides.admin.trash import TrashAdmin

__all__ = ["EditionAdmin", "FactAdmin", "GuideAdmin", "HelplineAdmin", "LibraryAdmin", "ReferenceAdmin", "TrashAdmin"]
