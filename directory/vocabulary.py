"""The closed lists of words that describe a program. The keys are stored; the labels are shown and translated."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guides.context_processors import site


def _medicaid() -> str:
    """Medicaid, after the name that the site details give it in this state."""
    name = site(get_language() or settings.LANGUAGE_CODE).get("public_coverage")
    return gettext("%(name)s or Medicaid") % {"name": name} if name else gettext("Medicaid")


class Concern(TextChoices):
    """What a program treats; a program for ``both`` also treats each alone."""

    SUBSTANCE_USE = "substance_use", _("Substance use")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    BOTH = "both", _("Substance use and mental health")


class Payment(TextChoices):
    INSURANCE = "insurance", _("Private insurance")
    MEDI_CAL = "medi_cal", lazy(_medicaid, str)()
    MEDICARE = "medicare", _("Medicare")
    MILITARY = "military", _("TRICARE or VA")
    SELF_PAY = "self_pay", _("Paying yourself")
    SLIDING_SCALE = "sliding_scale", _("Sliding scale (by income)")
    GRANTS = "grants", _("Grants or public funds")


class Schedule(TextChoices):
    DAYTIME = "daytime", _("Daytime")
    EVENING = "evening", _("Evening")
    WEEKEND = "weekend", _("Weekend")
    TELEHEALTH = "telehealth", _("Telehealth (video or phone)")


class Population(TextChoices):
    """Groups for whom a program has people, rooms or hours set aside."""

    ADOLESCENTS = "adolescents", _("Teenagers")
    YOUNG_ADULTS = "young_adults", _("Young adults")
    OLDER_ADULTS = "older_adults", _("Older adults")
    PREGNANCY = "pregnancy", _("Pregnancy and new parents")
    PARENTS = "parents", _("Parents with children")
    LGBTQ = "lgbtq", _("LGBTQ+ people")
    VETERANS = "veterans", _("Veterans and military families")
    TRAUMA = "trauma", _("People who lived through trauma or violence")
    COURT = "court", _("People referred by a court")
    HIV = "hiv", _("People with HIV")
    DEAF = "deaf", _("Deaf or hard-of-hearing people")


class OnlyFor(TextChoices):
    WOMEN = "women", _("Women only")
    MEN = "men", _("Men only")


class Medication(TextChoices):
    METHADONE = "methadone", _("Methadone")
    BUPRENORPHINE = "buprenorphine", _("Buprenorphine")
    NALTREXONE = "naltrexone", _("Naltrexone")


class Access(TextChoices):
    """What helps a person to get in and around."""

    WHEELCHAIR = "wheelchair", _("Step-free for wheelchairs")
    RESTROOM = "restroom", _("Accessible restroom")
    ELEVATOR = "elevator", _("Elevator")
    PARKING = "parking", _("Accessible parking")
    TRANSIT = "transit", _("Near a bus or train stop")


class Seal(TextChoices):
    """Who looked at a program from outside."""

    STATE_LICENCE = "state_licence", _("State license or certification")
    JOINT_COMMISSION = "joint_commission", _("The Joint Commission")
    CARF = "carf", _("CARF International")
    OPIOID_PROGRAM = "opioid_program", _("Federally certified opioid treatment program")
    OTHER = "other", _("Another seal")


class Language(TextChoices):
    """Languages spoken with families: the most spoken ones of the first service area, and sign language (ISO 639)."""

    EN = "en", _("English")
    ES = "es", _("Spanish")
    ZH = "zh", _("Chinese")
    HY = "hy", _("Armenian")
    TL = "tl", _("Tagalog")
    KO = "ko", _("Korean")
    VI = "vi", _("Vietnamese")
    FA = "fa", _("Farsi")
    AR = "ar", _("Arabic")
    RU = "ru", _("Russian")
    JA = "ja", _("Japanese")
    DE = "de", _("German")
    FR = "fr", _("French")
    ASE = "ase", _("American Sign Language")


class Status(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLIC = "public", _("public")
    ARCHIVED = "archived", _("archived")


class Source(TextChoices):
    """Where a row came from. An import touches only rows of its own source."""

    HAND = "hand", _("entered here")
    SAMPLE = "sample", _("sample")
    SAMHSA = "samhsa", _("SAMHSA locator")
    HSDS = "hsds", _("HSDS file")
