"""What is asked of the archive: sieves for rules, backtests, and where a rule could be narrower."""
