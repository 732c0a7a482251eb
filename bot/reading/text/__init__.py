"""Bytes and markup to plain text: encoding, cleaning, HTML, the main text of a page, its language, its times."""
