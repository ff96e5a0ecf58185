"""Models of the responses of the Stellantis API."""
