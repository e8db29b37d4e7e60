"""How papers tell others what happened; they know nobody who listens."""

from django.dispatch import Signal

# Sent inside the transaction that stores it, so that a receiver's writes stand or fall with it.
# Arguments: paper (papers.models.Paper), edition (papers.models.Edition).
edition_stored = Signal()
