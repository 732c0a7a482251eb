"""What the application is put together from, as the settings and what is installed have it."""

from pathlib import Path

from bot import registry
from bot.config import Settings
from bot.ports import Kit, Source


def seed_dir(settings: Settings) -> Path | None:
    """The folder that a first run reads: the setting, else `seeds/` here or beside the code."""
    if settings.seed_dir is not None:
        return settings.seed_dir.resolve()
    for place in (Path("seeds"), Path(__file__).parent.parent / "seeds"):
        if place.is_dir():
            return place.resolve()
    return None


def sources_of(kit: Kit) -> dict[str, Source]:
    """Every kind of source that is installed."""
    sources = (module.connect(kit) for _, module in registry.modules("bot.sources"))
    return {source.kind: source for source in sources}
