"""What people bring along: rules of other tools, and what a chat of Watchword exported."""
