"""The way to Redis, and what Kombu gets wrong on it when the connection breaks while a worker has a task in hand.

It then gives back what is in hand, and later acknowledges what is done, over the connection that is gone. Both fail in
a way that ends the worker. Neither is needed: what was not acknowledged is delivered again after the visibility
timeout, which every task allows, and the next nudge comes sooner.
"""

from __future__ import annotations

from kombu.transport import redis


def transport(address: str) -> dict[str, int | bool]:
    """What Kombu is told about the way to the broker at `address`."""
    return {
        # No task has an ETA and none runs this long: what was not acknowledged by now is lost, and delivered again.
        "visibility_timeout": 300,
        # Half-open connections are noticed within seconds instead of never.
        "socket_timeout": 15,
        "socket_connect_timeout": 3,
        "health_check_interval": 10,
        # A socket file has no such thing.
        **({} if address.startswith("redis+socket") else {"socket_keepalive": True}),
    }


class ForgivingQoS(redis.QoS):
    """Keeps what is in hand; lets go of it without a word where the connection that it came by is gone."""

    def ack(self, delivery_tag: str) -> None:
        if self._connected:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if self._connected:
            super().reject(delivery_tag, requeue)

    @property
    def _connected(self) -> bool:
        transport = self.channel.connection
        return transport is not None and transport.client is not None


def forgive_lost_connections() -> None:
    """Use it in every connection to Redis that this process opens from now on."""
    redis.Channel.QoS = ForgivingQoS
    redis.Channel.do_restore = False
