"""How good predictions are: metrics, protocols, intervals, completion."""
