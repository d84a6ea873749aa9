"""The month's figures, targets and quotas as leaders read them, recount and what-if."""
