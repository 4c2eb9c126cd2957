"""What a family fills in to keep, find or share its answers."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from assessments.return_codes import WORDS, folded, unknown
from messaging.addresses import BadAddress, normal
from ui.forms import Form, one_of, text, tick


class CodeForm(Form):
    """The words of a code, typed anyhow. `words` are what was understood."""

    code = text(
        _("Your code"),
        max_length=200,
        missing=_("Enter the six words of your code."),
        attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
        help_text=_("Six words, with spaces between them. Capital letters and accents make no difference."),
    )
    is_shared_device = tick(
        _("Other people use this phone or computer"),
        help_text=_("Then we keep nothing here after you close the browser. Your six words stay good."),
    )
    words: list[str]

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        self.words = folded(typed)
        if strange := unknown(self.words):
            raise forms.ValidationError(
                _("“%(word)s” is not a word of our codes. Check how it is written."), params={"word": strange[0]}
            )
        if len(self.words) != WORDS:
            raise forms.ValidationError(_("A code has six words. Enter all of them, in order."))
        return typed


class ReturnEmailForm(Form):
    """Where to send the link."""

    marks_optional = False
    field_order = ["email", "language"]
    language = one_of(_("In which language do you want to read it?"), settings.LANGUAGES, required=False)
    email = text(
        _("Your email"),
        max_length=254,
        missing=_("Enter your email, such as name@example.org."),
        attrs={"type": "email", "autocomplete": "email", "inputmode": "email"},
        help_text=_("We send one email. Its subject is “The link you asked for”. It says nothing about your answers."),
    )

    def clean_email(self) -> str:
        try:
            return normal("email", str(self.cleaned_data["email"]))
        except BadAddress as error:
            raise forms.ValidationError(
                _("This does not look like an email address. Use one such as name@example.org.")
            ) from error


class ShareForm(Form):
    """What the other person sees."""

    needed = ("language",)
    said_by = text(
        _("Who is it from, and whose result is it?"),
        required=False,
        max_length=60,
        validators=[
            RegexValidator(
                r"[\x00-\x1f@]|://|\w\.\w",
                _("Please write a name, without a web address. Leave a space after a dot."),
                inverse_match=True,
            )
        ],
        help_text=_("The other person reads this above the result, for example: “From Ana, about her son”."),
    )
    with_answers = tick(
        _("Show my answers, too"),
        help_text=_(
            "Without this, the other person sees only the result, the reasons, what to do, and which questions on "
            "health are open, with signs to look for. These can tell what happened, such as an overdose or thoughts "
            "of dying."
        ),
    )
    language = one_of(_("In which language do they read it?"), settings.LANGUAGES, required=False)
