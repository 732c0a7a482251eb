"""What a later report of a story says that no earlier report of it said: figures, names, quotations."""

from bot.core.stories.new_facts.comparing import LONGEST, MOST, new_facts

__all__ = ["LONGEST", "MOST", "new_facts"]
