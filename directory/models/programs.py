"""What is offered, for whom, and how soon."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, FloatField, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory import vocabulary as words
from directory.capacity import Report
from directory.fields import WordsField
from directory.matching import Candidate, Match, Wish, rank
from directory.models.places import Location, Organization, ServiceArea, Sourced
from guides.models import LevelOfCare
from guides.models.base import refuse_days_to_come

# A family may travel far for care, but a list without an end helps nobody.
REACH_MILES = 100


class Fit(NamedTuple):
    """A program and its place in the order, with the reasons."""

    program: Program
    match: Match


class ProgramQuerySet(models.QuerySet["Program"]):
    def public(self) -> Self:
        return self.filter(status="public")

    def offering(self, *slugs: str) -> Self:
        """Programs with at least one of these levels of care."""
        return self.filter(pk__in=ProgramLevel.objects.filter(level__slug__in=slugs).values("program"))

    def within(self, lat: float, lon: float, miles: float) -> Self:
        """Programs with a location at most `miles` away, each with the distance to its nearest one as ``miles``."""
        locations = Location.objects.within(lat, lon, miles).filter(programs=OuterRef("pk"))
        nearest = locations.order_by(F("miles")).values(near=F("miles"))[:1]
        return self.annotate(miles=Subquery(nearest, output_field=FloatField())).filter(miles__isnull=False)

    def candidates(self, wish: Wish, *, reach: float | None = REACH_MILES) -> Self:
        """Programs that could fit: those of the wished levels, of no known level or with a wished medication, within
        `reach` miles of the family (None: anywhere) or at no known place. Nothing else narrows: preferences order."""
        found = self
        if wish.levels:
            known = ProgramLevel.objects.values("program")
            could = Q(pk__in=self.offering(*wish.levels).values("pk")) | ~Q(pk__in=known)
            for medication in sorted(wish.medications):
                could |= Q(medications__has=medication)
            found = found.filter(could)
        if wish.near and reach is not None:
            near, placed = self.within(*wish.near, reach).values("pk"), Program.locations.through.objects
            found = found.filter(Q(pk__in=near) | ~Q(pk__in=placed.values("program")))
        return found

    def with_facts(self) -> Self:
        """With all that a ranking reads, in a fixed number of queries."""
        capacity = Capacity.objects.current().select_related("level")
        return self.prefetch_related(
            "locations",
            "areas",
            Prefetch("offers", ProgramLevel.objects.select_related("level")),
            Prefetch("capacities", capacity, to_attr="current_capacities"),
        )

    def with_details(self) -> Self:
        """With all that a page reads, too."""
        more = ("texts", "areas__names", "accreditations", "offers__level__texts")
        return self.select_related("organization").with_facts().prefetch_related(*more)

    def ranked(
        self, wish: Wish, *, now: datetime, reach: float | None = REACH_MILES, details: bool = True
    ) -> list[Fit]:
        """The candidates for a wish, best first, each explained (see `directory.matching`), with `details` for a page
        that shows them whole."""
        found = self.candidates(wish, reach=reach)
        programs = found.with_details() if details else found.with_facts()
        by_key = {program.slug: program for program in programs}
        candidates = (program.as_candidate() for program in programs)
        matches = rank(wish, candidates, now=now, fresh=settings.CAPACITY_FRESH_FOR)
        return [Fit(by_key[match.candidate.key], match) for match in matches]


class Program(Sourced):
    """One offer of care that a family can be referred to."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, related_name="programs"
    )
    status = models.CharField(_("status"), max_length=10, choices=words.Status, default=words.Status.DRAFT)
    sample = models.BooleanField(_("sample"), default=False, help_text=_("Marked on its page as invented."))
    levels = models.ManyToManyField(LevelOfCare, through="ProgramLevel", verbose_name=_("levels of care"))
    locations = models.ManyToManyField(Location, verbose_name=_("locations"), blank=True, related_name="programs")
    areas = models.ManyToManyField(ServiceArea, verbose_name=_("service areas"), blank=True, related_name="programs")

    concern = models.CharField(_("treats"), max_length=20, choices=words.Concern, blank=True)
    age_min = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(
        _("oldest age"), null=True, blank=True, validators=[MaxValueValidator(130)]
    )
    only_for = models.CharField(_("only for"), max_length=10, choices=words.OnlyFor, blank=True)
    populations = WordsField(_("special groups"), vocabulary=words.Population)
    payment = WordsField(_("payment accepted"), vocabulary=words.Payment)
    languages = WordsField(_("languages spoken"), vocabulary=words.Language)
    schedule = WordsField(_("schedule"), vocabulary=words.Schedule)
    medications = WordsField(_("medications offered"), vocabulary=words.Medication)
    family_sessions = models.BooleanField(_("family sessions"), null=True, blank=True)

    phone = PhoneNumberField(_("phone"), blank=True, region="US")
    website = models.URLField(_("website"), blank=True)
    referral_email = models.EmailField(_("email for referrals"), blank=True, help_text=_("Never shown on a page."))
    checked_on = models.DateField(_("details last checked"), null=True, blank=True)

    objects = ProgramQuerySet.as_manager()
    miles: float  # set by `within`: to its nearest location
    current_capacities: list[Capacity]  # set by `with_details`: the newest report of each level

    class Meta(Sourced.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name", "id"]
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=models.F("age_max")),
                name="directory_program_ages_in_order",
                violation_error_message=_("The youngest age is above the oldest age."),
            ),
        ]

    def clean(self) -> None:
        refuse_days_to_come(self, "checked_on")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:program", args=[self.slug])

    def as_candidate(self) -> Candidate:
        """What the ranking knows of this program. Uses what `with_details` has prefetched."""
        return Candidate(
            key=self.slug,
            name=self.name,
            levels=frozenset(offer.level.slug for offer in self.offers.all()),
            concern=self.concern,
            age_min=self.age_min,
            age_max=self.age_max,
            only_for=self.only_for,
            points=tuple(location.point for location in self.locations.all() if location.point),
            zips=frozenset(code for area in self.areas.all() for code in area.zips),
            languages=frozenset(self.languages),
            payment=frozenset(self.payment),
            schedule=frozenset(self.schedule),
            populations=frozenset(self.populations),
            medications=frozenset(self.medications),
            reports={row.level.slug: row.as_report() for row in self.current_capacities},
        )

    def text(self, language: str) -> ProgramText | None:
        """The text in `language`, else in any; None where nothing is written. Uses what is prefetched."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)


class ProgramText(models.Model):
    """What a program says of itself, in one language."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One or two sentences for the list."))
    description = models.TextField(_("description"), blank=True)
    what_to_expect = models.TextField(_("what to expect"), blank=True)
    how_to_start = models.TextField(_("how to start"), blank=True)
    costs = models.TextField(_("what it costs"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [models.UniqueConstraint(fields=["program", "language"], name="directory_text_once")]

    def __str__(self) -> str:
        return self.summary


class ProgramLevel(models.Model):
    """A level that a program offers, under the name its licence uses."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="offers")
    level = models.ForeignKey(LevelOfCare, verbose_name=_("level"), on_delete=models.PROTECT, related_name="offers")
    asam_edition = models.PositiveSmallIntegerField(
        _("ASAM edition"), choices=[(3, _("3rd edition")), (4, _("4th edition"))], null=True, blank=True
    )
    asam_code = models.CharField(_("ASAM code"), max_length=10, blank=True, help_text=_("As its licence says: 3.5"))

    class Meta:
        verbose_name = _("level offered")
        verbose_name_plural = _("levels offered")
        ordering = ["level__order"]
        constraints = [models.UniqueConstraint(fields=["program", "level"], name="directory_level_once")]

    def __str__(self) -> str:
        return f"{self.program} – {self.level}"


class Accreditation(models.Model):
    """A licence or a seal, and how anyone can check it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="accreditations")
    seal = models.CharField(_("seal"), max_length=20, choices=words.Seal)
    name = models.CharField(_("name, if not in the list"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    check_url = models.URLField(_("where to check it"), blank=True)

    class Meta:
        verbose_name = _("license or seal")
        verbose_name_plural = _("licenses and seals")
        ordering = ["seal", "id"]

    def __str__(self) -> str:
        return self.name or self.get_seal_display()


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def current(self) -> Self:
        """The newest report of each program and level."""
        newer = Capacity.objects.filter(program=OuterRef("program"), level=OuterRef("level")).filter(
            Q(reported_at__gt=OuterRef("reported_at")) | Q(reported_at=OuterRef("reported_at"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(newer))


class Capacity(models.Model):
    """What a program said about its places at one moment. A new report is a new row; no row is changed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="capacities")
    level = models.ForeignKey(LevelOfCare, verbose_name=_("level"), on_delete=models.PROTECT, related_name="+")
    spots = models.PositiveSmallIntegerField(_("openings"), null=True, blank=True)
    wait_days = models.PositiveSmallIntegerField(_("days to wait"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"))
    reported_by = models.CharField(_("who said so"), max_length=200, blank=True)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity report")
        verbose_name_plural = _("capacity reports")
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["program", "level", "-reported_at"], name="directory_capacity_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(spots__isnull=False) | Q(wait_days__isnull=False),
                name="directory_capacity_says_something",
                violation_error_message=_("Enter the openings, the days to wait, or both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.program} – {self.level}"

    def clean(self) -> None:
        if self.program_id and self.level_id and not self.program.offers.filter(level=self.level_id).exists():
            raise ValidationError(
                {"level": _("This program does not offer this level. Add it to its levels first, and save.")}
            )

    def as_report(self) -> Report:
        return Report(self.spots, self.wait_days, self.reported_at)
