"""What the beats ask for, and how often."""

from __future__ import annotations

from typing import Any

# Any number of beats may run: every task looks into the database for what is due. A tick that finds no worker
# in time is dropped, because the next one says the same.
EVERY: dict[str, dict[str, Any]] = {
    "nudge e-mail": {"task": "messaging.tasks.drain", "args": ["email"], "schedule": 1.0, "options": {"expires": 60}},
    "nudge texts": {"task": "messaging.tasks.drain", "args": ["sms"], "schedule": 1.0, "options": {"expires": 60}},
    "reap": {"task": "messaging.tasks.reap", "schedule": 10.0, "options": {"expires": 60}},
    "sweep": {"task": "privacy.tasks.sweep", "schedule": 3600.0, "options": {"expires": 600}},
    "call again": {"task": "referral.tasks.call_again", "schedule": 30.0, "options": {"expires": 60}},
    "watch requests": {"task": "referral.tasks.watch_requests", "schedule": 60.0, "options": {"expires": 60}},
    "watch ways": {"task": "referral.tasks.watch_ways", "schedule": 60.0, "options": {"expires": 60}},
    "escalate": {"task": "referral.tasks.escalate", "schedule": 60.0, "options": {"expires": 60}},
    "reconcile": {"task": "messaging.tasks.reconcile", "schedule": 60.0, "options": {"expires": 60}},
    "publish guides": {"task": "guides.tasks.publish_due", "schedule": 15.0, "options": {"expires": 60}},
}
