"""Push: callbacks, the monitors that watch cars for them, and the delivery of messages."""
