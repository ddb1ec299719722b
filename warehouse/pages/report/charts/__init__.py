"""The charts of the report, one module per part of the page."""
