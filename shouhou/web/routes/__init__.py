"""The addresses of the web interface, one list for each area."""
