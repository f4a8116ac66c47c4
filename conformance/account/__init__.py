"""The commands ``aws``: what a run may do in an account of AWS, and what is done after it."""
