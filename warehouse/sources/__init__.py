"""Source packages: contracts, strict reading, seals."""
