"""Tests of `stance.evaluation`."""
