"""Floor 9: the numbered paper forms of the company and their PDFs."""
