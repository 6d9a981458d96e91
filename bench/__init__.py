"""Measurements as commands: each prints its figures, and a ratio where there is a peer. Nothing here is a timed test."""
