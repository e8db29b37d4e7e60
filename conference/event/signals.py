"""How the event part tells the parts above it what happened."""

from django.dispatch import Signal

# Sent inside the transaction that changes a conference's own row or its papers. Argument: conference.
conference_changed = Signal()

# Sent inside the transaction that closes a private link: open streams are authorised again. Argument: conference_id.
staff_changed = Signal()
