"""The views of a case for staff and for the holder of a link: case, history, deadlines, lists.

Who reads what of the history is a rule of the domain (`domain/notices/history_readers.py`).
"""
