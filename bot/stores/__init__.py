"""One database per file; the schema's steps are in `schema/`."""
