"""The index of many rules: which of them are true of a document, without trying each (docs/performance.md)."""
