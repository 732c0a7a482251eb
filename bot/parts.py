"""What the application is put together from, as the settings and what is installed have it."""

from bot import registry
from bot.ports import Kit, Source


def sources_of(kit: Kit) -> dict[str, Source]:
    """Every kind of source that is installed."""
    sources = (module.connect(kit) for _, module in registry.modules("bot.sources"))
    return {source.kind: source for source in sources}
