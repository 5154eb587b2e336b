"""What every room needs of the database and no room owns."""
