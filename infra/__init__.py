"""What the desk runs on: the template, the policies, packaging and deploying, and the embedded cloud."""
