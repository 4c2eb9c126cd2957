"""Django looks for an app's models here; each module keeps what changes together."""

from guides.models.base import Language
from guides.models.editions import Guide, GuideEdition, Person, PersonText, Source
from guides.models.files import Rendition, StoredFile
from guides.models.helplines import Helpline, HelplineText
from guides.models.history import RowRevision, Trashed
from guides.models.levels import Aspect, AspectText, LevelFact, LevelOfCare, LevelText
from guides.models.open_drafts import Comment, KeptText, OpenDraft, PreviewLink, StageChange
from guides.models.publishing import Generation, Moved, Publication, Reference, Revision, SearchEntry
from guides.models.reference import SITE_WORDS, GlossaryTerm, GlossaryText, SiteDetails, SiteText, Synonym

__all__ = [
    "SITE_WORDS",
    "Aspect",
    "AspectText",
    "Comment",
    "Generation",
    "GlossaryTerm",
    "GlossaryText",
    "Guide",
    "GuideEdition",
    "Helpline",
    "HelplineText",
    "KeptText",
    "Language",
    "LevelFact",
    "LevelOfCare",
    "LevelText",
    "Moved",
    "OpenDraft",
    "Person",
    "PersonText",
    "PreviewLink",
    "Publication",
    "Reference",
    "Rendition",
    "Revision",
    "RowRevision",
    "SearchEntry",
    "SiteDetails",
    "SiteText",
    "Source",
    "StageChange",
    "StoredFile",
    "Synonym",
    "Trashed",
]
