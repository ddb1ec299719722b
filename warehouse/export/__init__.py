"""Export: tables of the published file as CSV and Parquet, with everything needed to read and cite them."""
