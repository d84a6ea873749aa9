"""What a manager sets for a community: price list, buildings, hours at the desk, how units are written."""
