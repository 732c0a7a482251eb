"""When and how a source is visited: schedule, health, politeness, which addresses may be reached at all."""
