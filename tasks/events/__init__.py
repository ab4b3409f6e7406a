"""What happens on a day: the units' activities, inspections of public places, one month of everything."""
