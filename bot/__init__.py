"""Watchword: watch rules in a chat, every story once, in the source's own words."""

__version__ = "0.1.0"
