"""The demonstration company: believable, the same for the same seed, and made through the real actions."""
