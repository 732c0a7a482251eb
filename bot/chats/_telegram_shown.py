"""What our messages on Telegram show, as far as it is remembered: an edit that changes nothing is not even sent."""

import json
from collections import OrderedDict
from hashlib import sha256
from typing import Any

MOST = 2_000  # messages, those that were sent or changed last
_SEEN = ("text", "entities", "reply_markup", "link_preview_options")  # of a payload: what a reader can tell apart

Place = tuple[str, str]  # chat, message


class Shown:
    """The last payload of each message. A message that is not in it is edited, whatever it shows."""

    def __init__(self) -> None:
        self._digests: OrderedDict[Place, bytes] = OrderedDict()

    def is_so(self, place: Place, payload: dict[str, Any]) -> bool:
        """Whether the message shows just that."""
        return self._digests.get(place) == _digest(payload)

    def note(self, place: Place, payload: dict[str, Any]) -> None:
        """The message shows it from now on."""
        self._digests[place] = _digest(payload)
        self._digests.move_to_end(place)
        if len(self._digests) > MOST:
            self._digests.popitem(last=False)

    def forget(self, place: Place) -> None:
        """An edit is on its way, and may fail: nobody knows what the message shows."""
        self._digests.pop(place, None)


def _digest(payload: dict[str, Any]) -> bytes:
    seen = {name: payload[name] for name in _SEEN if name in payload}
    return sha256(json.dumps(seen, sort_keys=True).encode("utf-8", "surrogatepass")).digest()
