"""The trail: who read or wrote what, about whom, when and why. Append-only, one hash chain per municipality."""
