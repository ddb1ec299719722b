"""Quality gates: what must hold of what was loaded, and of what is published."""
