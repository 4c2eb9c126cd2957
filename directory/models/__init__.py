"""Django looks for an app's models here; each module keeps what changes together."""

from directory.models.places import Location, Organization, ServiceArea, ServiceAreaName
from directory.models.programs import Accreditation, Capacity, Program, ProgramLevel, ProgramText
from directory.models.zips import ZipCode

__all__ = [
    "Accreditation",
    "Capacity",
    "Location",
    "Organization",
    "Program",
    "ProgramLevel",
    "ProgramText",
    "ServiceArea",
    "ServiceAreaName",
    "ZipCode",
]
