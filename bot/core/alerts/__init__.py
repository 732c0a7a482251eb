"""Who is told what: alerts and reasons, mutes, channels, topics, corrections, when to send again."""
