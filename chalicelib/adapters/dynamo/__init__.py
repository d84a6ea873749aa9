"""DynamoDB: models in `tables`, one module for each port, `directory_admin` for those who set a desk up."""
