"""What a file really is: told by its bytes, without what its sender did not mean to hand in (A3).

Only the standard library: pictures are not decoded, their containers are taken apart and put together again.
"""
