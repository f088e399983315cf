"""Readers of labelled folders and their checks."""
