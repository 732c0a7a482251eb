"""Feeds and lists of feeds: RSS, Atom, JSON Feed, OPML, and the links that lead to them."""
