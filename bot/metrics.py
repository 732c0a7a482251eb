"""Figures of the running service, as Prometheus reads them: what each stage did, how long it took, what waits.

Labels come from short lists of our own (platforms, kinds of sources, outcomes, verbs), never from what people typed.
"""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_QUICK = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_SLOW = (1, 3, 10, 30, 60, 120, 300, 900, 1800, 3600, 10800, 86400)

COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "visits": ("Visits to sources, by kind and what came of them (new, nothing, failed).", ("kind", "outcome")),
    "documents": ("Documents that were new to their source.", ("kind",)),
    "queued": ("Messages that documents queued: alerts, edits, replies.", ()),
    "deliveries": (
        "Messages on their way, by platform and outcome (sent, again, unknown, refused, dead).",
        ("platform", "outcome"),
    ),
    "commands": ("Commands that were carried out, by verb (other: unknown ones).", ("verb",)),
}
TIMED: Mapping[str, tuple[str, tuple[str, ...], tuple[float, ...]]] = {
    "publication_to_archive": ("From publication to the archive.", (), _SLOW),
    "publication_to_receipt": ("From publication to the chat's receipt of the alert.", ("platform",), _SLOW),
    "queued_to_receipt": ("From queueing a message to its receipt.", ("platform",), (*_QUICK, 60, 300, 3600)),
    "visit": ("Visits to sources, with reading what they gave.", ("kind",), (*_QUICK, 60)),
    "command": ("From the receipt of a command to its answer's being queued.", (), _QUICK),
    "writer_wait": ("How long calls waited for the one thread that writes.", ("urgent",), _QUICK),
    "writer_call": ("How long calls held the one thread that writes.", (), _QUICK),
}


class Metrics:
    """`ports.Meter` for Prometheus, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._counters = {
            name: Counter(f"watchword_{name}", words, labels, registry=self._registry)
            for name, (words, labels) in COUNTED.items()
        }
        self._timers = {
            name: Histogram(f"watchword_{name}_seconds", words, labels, buckets=buckets, registry=self._registry)
            for name, (words, labels, buckets) in TIMED.items()
        }
        self._waiting = Gauge(
            "watchword_outbox", "Messages in the outbox, by state.", ("state",), registry=self._registry
        )
        self._ready = Gauge("watchword_ready", "1 when all that /readyz looks at is well.", registry=self._registry)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """See the port."""
        counter = self._counters[name]
        (counter.labels(**labels) if labels else counter).inc(amount)

    def took(self, name: str, seconds: float, **labels: str) -> None:
        """See the port."""
        timer = self._timers[name]
        (timer.labels(**labels) if labels else timer).observe(max(seconds, 0.0))

    def exposed(self, outbox: Mapping[str, int], *, ready: bool) -> bytes:
        """All figures in Prometheus' text format, with those of this moment."""
        self._waiting.clear()
        for state, number in outbox.items():
            self._waiting.labels(state=state).set(number)
        self._ready.set(ready)
        return generate_latest(self._registry)
