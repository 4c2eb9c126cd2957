"""Django finds models here."""

from messaging.models.channel import Channel, ChannelKey, ProviderEvent
from messaging.models.message import Attempt, Message, Sweeping
from messaging.models.people import InboundReply, Permission, SendBudget, Suppression
from messaging.models.wording import MessageTemplate, Wording
from messaging.models.written import WrittenWords

__all__ = [
    "Attempt",
    "Channel",
    "ChannelKey",
    "InboundReply",
    "Message",
    "MessageTemplate",
    "Permission",
    "ProviderEvent",
    "SendBudget",
    "Suppression",
    "Sweeping",
    "Wording",
    "WrittenWords",
]
