"""What a unit answers to work it was given beside "đã nhận", and what it is answered."""
