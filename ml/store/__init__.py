"""The tables of schema `ml`: the only rooms that know SQL."""
