"""The doctor's findings, as a part of an answer."""

from collections.abc import Sequence
from itertools import chain

from bot import say
from bot.model import Block, Button
from rules.doctor import Finding

_SIGNS = {"wrong": "✗", "warning": "!", "hint": "·"}
_MOST = 5  # findings that a chat shows


def blocks(findings: Sequence[Finding]) -> list[Block]:
    """Each finding with its cure; nothing when there are none."""
    shown = []
    for finding in findings[:_MOST]:
        cure = (" Try: ", say.mono(finding.cure)) if finding.cure else ()
        shown.append(say.item(say.bold(f"{_SIGNS[finding.severity]} {finding.kind}"), f": {finding.message}", *cure))
    if len(findings) > _MOST:
        shown.append(say.meta(f"and {len(findings) - _MOST} more"))
    return shown


def buttons(number: int, findings: Sequence[Finding]) -> list[Button]:
    """A button for each cure of rule `number` that a button can carry: it types `edit <number> <cure>`."""
    cures = dict.fromkeys(finding.cure for finding in findings if finding.cure)
    fitting = [say.button(f"Change {number} to: {cure}", f"edit {number} {cure}") for cure in cures]
    return list(chain.from_iterable(fitting))[:_MOST]
