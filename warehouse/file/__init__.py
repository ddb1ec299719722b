"""Asking the published file: queries, catalogue, units, one record, proposed mappings."""
