"""Models that predict the fifteen oxide shares of rare-earth projects."""
