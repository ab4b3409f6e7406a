"""What `make run` starts: everything on one machine, under one parent."""
