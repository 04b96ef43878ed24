"""The catalogue: its lists, an entry, the price list, spreadsheets in and out."""
