"""The cars: what they are, how they live, and what they tell the platform."""
