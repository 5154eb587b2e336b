"""Who may do what: users from the first migration; roles, policies and sign-in follow with the pages."""
