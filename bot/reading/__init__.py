"""From what comes in to nouns: bytes to `Entry` and `Document`, typed text to verbs, rules and times.

Pure, and ignorant of alerts.
"""
