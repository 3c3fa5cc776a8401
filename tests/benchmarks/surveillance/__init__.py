"""Hidden clusters of rare events, and how many of them each detector finds at the same price in false alarms."""
