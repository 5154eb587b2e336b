"""Staff and accounts: who works where as what, who may sign in with which roles, and what becomes of what they had when they leave."""
