"""The commands, one module per panel of the help. What is slow to import stays inside the commands."""
