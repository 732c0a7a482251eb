"""Operator families, one file each, found by file name; see rules/grammar.py for what a family declares."""
