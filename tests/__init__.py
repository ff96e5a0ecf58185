"""The tests, in the order of the folders that they describe."""
