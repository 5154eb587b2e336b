"""Status: whether the nights, the gateways and the database do their work. Nothing about any child."""
