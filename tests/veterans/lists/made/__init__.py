"""Lists made by chance with the right answer typed beside, in every kind of file. All persons are invented."""
