"""Messages that the platform sends."""
