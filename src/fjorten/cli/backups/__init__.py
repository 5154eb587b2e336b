"""What `fjorten backup` and `fjorten restore` share: the file, what it holds, and how each database is copied out and put back."""
