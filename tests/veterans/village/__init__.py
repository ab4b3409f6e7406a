"""What is taken along into a village, and what phones send from there."""
