"""The desk of somebody who works here all day: what waits for a review, going anywhere by words, saved filters."""
