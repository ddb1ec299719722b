"""The contenders: features, baselines, networks, and who plays in the league."""
