"""Tests of the client, against recorded answers and a server that says what it is told to."""
