"""What labelled posts make of listings: one listing for each position or person, wherever it was seen."""

from crm.labelling.recording import record

__all__ = ["record"]
