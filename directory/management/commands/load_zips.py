"""`manage.py load_zips`: fills the table of ZIP codes."""

from django.core.management.base import BaseCommand

from directory.models.zips import load_zips
from directory.zip_data import places


class Command(BaseCommand):
    help = "Fill the table of ZIP codes anew, from the zipcodes package that is installed."

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(f"{load_zips(places())} ZIP codes")
