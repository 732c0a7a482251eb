"""Figures for Prometheus: what the stages report is there, under the names that the docs list."""

from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.errors import PermanentError, TransientError
from bot.metrics import COUNTED, TIMED, Metrics
from bot.pipeline.writer import Writer
from tests.fakes import entry
from tests.house import House, open_store

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def values(metrics: Metrics, *, ready: bool = True, **outbox: int) -> dict[str, float]:
    """Sample with its labels -> value."""
    families = text_string_to_metric_families(metrics.exposed(outbox, ready=ready).decode())
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_what_the_stages_do_is_counted_and_timed(tmp_path: Path) -> None:
    metrics = Metrics()
    house = House(open_store("memory", tmp_path), meter=metrics)
    await house.add_feed()
    await house.say("watch troops")
    await house.say("wacth troops")
    house.chat.faults = [TransientError("busy"), PermanentError("no rich text")]
    story = entry(1, "Troops leave", "Troops left.", published_at=house.clock() + timedelta(hours=1))
    await house.publish([story])
    got = values(metrics, sent=3)
    assert got["watchword_documents_total kind=fake"] == 1
    assert got["watchword_queued_total"] == 1
    assert got["watchword_visits_total kind=fake outcome=new"] == 1
    assert got["watchword_visits_total kind=fake outcome=nothing"] >= 1
    assert got["watchword_deliveries_total outcome=again platform=fake"] == 1
    assert got["watchword_deliveries_total outcome=refused platform=fake"] == 1
    assert got["watchword_deliveries_total outcome=sent platform=fake"] == len(house.chat.posts)
    assert got["watchword_commands_total verb=watch"] == 1
    assert got["watchword_commands_total verb=other"] == 1
    assert got["watchword_publication_to_receipt_seconds_count platform=fake"] == 1
    assert 3600 <= got["watchword_publication_to_receipt_seconds_sum platform=fake"] <= 2 * 3600
    assert got["watchword_publication_to_archive_seconds_count"] == 1
    assert got["watchword_visit_seconds_count kind=fake"] >= 2
    assert got["watchword_outbox state=sent"] == 3
    assert got["watchword_ready"] == 1
    assert "watchword_outbox state=sent" not in values(metrics, ready=False, dead=1)


async def test_the_writer_says_how_long_calls_waited_and_lasted() -> None:
    metrics = Metrics()
    writer = Writer(metrics)
    await writer(lambda: None)
    await writer.urgent(lambda: None)
    writer.close()
    got = values(metrics)
    assert got["watchword_writer_call_seconds_count"] == 2
    assert got["watchword_writer_wait_seconds_count urgent=yes"] == 1


def test_every_figure_is_in_the_docs() -> None:
    text = DOCS.read_text(encoding="utf-8")
    names = [*(f"watchword_{name}_total" for name in COUNTED), *(f"watchword_{name}_seconds" for name in TIMED)]
    assert [name for name in [*names, "watchword_outbox", "watchword_ready"] if f"`{name}`" not in text] == []
