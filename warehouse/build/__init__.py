"""The build: load, transform, gate, train, record, publish."""
