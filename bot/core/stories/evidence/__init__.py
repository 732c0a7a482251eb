"""Whether a report tells a story that is open: by the names, numbers and words of both, not by equal sentences.

`Evidence` (open_stories.py) is the door: it reads a document into numbers (features.py), finds stories that share rare
features (candidates.py), compares (pairs.py), weighs (model.py) and looks for what speaks against (vetoes.py).
"""

from bot.core.stories.evidence.open_stories import Evidence, Judgement, Outcome

__all__ = ["Evidence", "Judgement", "Outcome"]
