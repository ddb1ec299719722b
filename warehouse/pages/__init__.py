"""Pages written from the published file: report, model card, BI guide, dictionary, accounting, lineage."""
