"""Taking a report in, once however often it is sent, and the receipt for it."""
