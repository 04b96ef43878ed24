"""Driving recorded incidents through the real actions, and accounting for every row of the record."""
