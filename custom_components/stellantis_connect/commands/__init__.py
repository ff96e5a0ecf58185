"""Commands to a car, from the request to the outcome."""
