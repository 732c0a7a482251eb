"""Documents and the events that they tell: the rules for copies and versions, then the evidence."""
