"""The composition root: settings, and later addresses and the web application. Nothing imports this room."""
