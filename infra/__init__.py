"""The desk's infrastructure: template, policies, packaging, deployment and the embedded cloud."""
