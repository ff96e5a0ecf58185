"""Tests of the client, against recorded responses and a fake server."""
