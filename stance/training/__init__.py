"""Trainer recipes of both models and their export; needs the extra `train`."""
