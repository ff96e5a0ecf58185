"""Client of the Stellantis API for end users; imports nothing of Home Assistant."""
