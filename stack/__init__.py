"""What docker-compose.yml serves, without Docker: PostgreSQL, Redis, two workers, nginx and an S3, all on loopback."""
