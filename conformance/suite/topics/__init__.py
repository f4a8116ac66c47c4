"""What the scenarios of one topic have in common."""
