"""Decisions, pure: no I/O, no clock. Each module answers one question; time is passed in."""
