"""Views: translate in, call one action or query, translate out."""
