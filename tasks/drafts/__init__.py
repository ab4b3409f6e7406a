"""What keeps a draft whole: sections saved one by one, both versions where two people typed, who has it open."""
