"""In-memory stand-ins for every port of the services: the same conditions, no AWS.

The contract tests (tests/integration/test_*store*.py) run on these and on PynamoDB, so they cannot lie.
All stores of one `Memory` share one lock, so a change is written whole or not at all, whoever races.
"""
