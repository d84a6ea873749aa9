"""The desk's storage in DynamoDB, one module for each port.

The models are in `tables`; `directory_admin` is for those who set a desk up.
"""
