"""Who pays, and what the customer may ask for. Pure."""
