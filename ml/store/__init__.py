"""Everything read from and written to a database: the only rooms that know SQL."""
