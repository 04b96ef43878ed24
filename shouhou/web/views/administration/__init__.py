"""The section “Administration”: people and places. The catalogue's pages are in `views/catalogue`."""
