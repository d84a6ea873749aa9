"""What a case, its history, its deadlines and lists look like to staff and to the holder of a link.

Who reads what of the history is a rule of the domain (`domain/notices/history_readers.py`).
"""
