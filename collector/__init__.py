"""Reads sources into posts."""
