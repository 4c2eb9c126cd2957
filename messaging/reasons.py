"""Why a message stands where it stands, and what to do next, in words for staff."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTHING = _("Nothing to do.")
WAITS = _("It is tried again by itself.")
OTHER_WAY = _("Check the address with the person, or reach them another way.")
OPERATOR = _("Ask an operator to look at the channel, then send it again.")

# key: (what happened, what to do next)
REASONS: dict[str, tuple[str | Promise, str | Promise]] = {
    "": (_("As planned."), NOTHING),
    # not yet
    "quiet_hours": (_("It is night where the person lives. It waits for the morning."), WAITS),
    "chosen_hours": (_("The person chose other days and hours. It waits for them."), WAITS),
    "daily_cap": (_("Enough messages went to this person or address today. It waits for tomorrow."), WAITS),
    "channel_paused": (_("An operator paused this channel."), _("Resume the channel when it may go on.")),
    "channel_open": (_("The provider failed several times, so sending is paused for a while."), WAITS),
    "paused_by_person": (_("The person asked for a pause."), WAITS),
    "lease_over": (_("The worker that was processing it stopped."), WAITS),
    "owner_failed": (_("Its variables could not be read."), _("Ask an operator to look at the log.")),
    "mailbox_full": (_("The mailbox is full."), WAITS),
    "provider_closing": (_("The mail server closed the line before it took the message."), WAITS),
    "provider_down": (_("The provider could not be reached."), WAITS),
    "not_signed_in": (
        _("The provider refused our password or token."),
        _("Ask an operator to correct the channel's sign-in."),
    ),
    "try_later": (_("The provider said: try later."), WAITS),
    "not_begun": (_("The provider was slower than expected. Nothing was sent; it is checked and sent anew."), WAITS),
    "time_out": (_("The provider did not answer in time; nothing was sent."), WAITS),
    # never
    "cancelled": (_("It is no longer needed."), NOTHING),
    "withheld": (_("It may not be sent as things stand now."), _("Look at the consent and the state of the referral.")),
    "stopped": (_("The person opted out."), _("Do not write again. Only the person can change this.")),
    "others": (_("Someone else reads what comes to this address."), _("Agree with the person on another way.")),
    "no_permission": (
        _("No one agreed to messages at this address."),
        _("Ask the person, and record what they agreed to."),
    ),
    "too_late": (_("Its latest time passed."), _("Contact the person yourself if it still matters.")),
    "no_such_address": (_("The address does not exist."), OTHER_WAY),
    "bad_address": (_("The address cannot be written to as it stands."), OTHER_WAY),
    "receiver_stopped": (_("The provider says that the person opted out."), _("Do not write again on this channel.")),
    "refused_by_policy": (_("The mail server refused it by its own rules."), OPERATOR),
    "refused": (_("The provider refused it."), OPERATOR),
    "no_template": (
        _("There is no text for this message in this language."),
        _("Add the template, then send it again."),
    ),
    "missing_variable": (
        _("The text uses a variable that was not given."),
        _("Correct the template, then send it again."),
    ),
    "unreadable": (
        _("It cannot be decrypted with the keys that are set."),
        _("Ask an operator to check the encryption keys. It goes by itself once they are right."),
    ),
    "gave_up": (_("It was tried as often as is sensible."), OTHER_WAY),
    "bounced": (_("The message bounced."), OTHER_WAY),
    "complained": (_("The receiver marked it as unwanted."), _("Do not write again on this channel.")),
    # who knows
    "worker_lost": (_("The worker stopped while it was sending."), _("It is looked up, or sent once more.")),
    "line_dropped": (
        _("The provider had the message, and the line dropped before it answered."),
        _("It is looked up, or sent once more."),
    ),
    "no_answer": (
        _("The provider had the message and did not answer in time."),
        _("It is looked up, or sent once more."),
    ),
    "unclear_again": (
        _("No one can tell whether it was sent."),
        _("Look at the provider's own log, then say here whether it was sent."),
    ),
    "found": (_("The provider was asked, and has it."), NOTHING),
    "said_by_person": (_("A member of staff decided."), NOTHING),
    "sent_again": (_("It is sent once more under the same Message-ID."), WAITS),
    "maybe_stop": (
        _("This may ask us to stop."),
        _("Read it. If they mean stop, choose “The person said stop” for a message to them, in the list of messages."),
    ),
}


def words(reason: str) -> str:
    """What happened. A reason that the message's owner gave has no words here and reads as "withheld"."""
    return str(REASONS.get(reason, REASONS["withheld"])[0])


def next_step(reason: str) -> str:
    """What to do about it."""
    return str(REASONS.get(reason, REASONS["withheld"])[1])
