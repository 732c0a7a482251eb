"""What is watched without a feed: pages, sitemaps, the previews of Telegram channels, GDELT's answers."""
