"""The reference warehouse of rare-earth projects and plants: loading, gates, publishing, command line."""

__version__ = "0.1.0"
