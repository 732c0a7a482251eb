"""Regular expressions: read by syntax.py, asked of the index by literals.py, matched by matcher.py with RE2."""
