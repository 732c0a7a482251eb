"""Faults and load, on purpose: the whole of Watchword, and what must hold."""
