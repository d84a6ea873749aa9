"""Personal data: how long it is kept, and what a resident may see and have erased."""
