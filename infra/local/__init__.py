"""The embedded cloud on this machine, for trying and for tests.

It runs the very package that goes to AWS.
"""
