"""Measurements of speed and size: `python -m bench`; never imported by the product."""
