"""Floor 0: plain Python that knows nothing of the product's tables. Imports neither Django nor any other module of ours."""
