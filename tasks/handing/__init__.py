"""Working on a task together: handing parts on, contributions, released papers, work that waits on nobody."""
