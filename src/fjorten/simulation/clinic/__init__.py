"""Those who work at the clinics of a simulated municipality: what they do on a day, all of it through the real actions."""
