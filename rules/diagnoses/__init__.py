"""The diagnoses of rules/doctor.py, a kind of finding each."""
