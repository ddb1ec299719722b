"""The reference study repeated, and longer studies."""
