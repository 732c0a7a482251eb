"""What stands between an address and its page."""
