"""Django finds models here."""

from messaging.models.channel import BREAKERS, Channel, ChannelKey, Provider, ProviderEvent, has_second
from messaging.models.hours import ChosenHours
from messaging.models.message import Attempt, Message, Sweeping
from messaging.models.notices import AlertNotice, Watch
from messaging.models.people import InboundReply, Permission, SendBudget, Suppression
from messaging.models.wording import MessageTemplate, Wording
from messaging.models.written import WrittenWords

__all__ = [
    "BREAKERS",
    "AlertNotice",
    "Attempt",
    "Channel",
    "ChannelKey",
    "ChosenHours",
    "InboundReply",
    "Message",
    "MessageTemplate",
    "Permission",
    "Provider",
    "ProviderEvent",
    "SendBudget",
    "Suppression",
    "Sweeping",
    "Watch",
    "Wording",
    "WrittenWords",
    "has_second",
]
