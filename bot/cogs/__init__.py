"""The commands of the Discord side: each checks, defers, calls once, renders and sends."""
