"""Customers' goods in our hands: who has each, against which receipt, and the book of every hand-over."""
