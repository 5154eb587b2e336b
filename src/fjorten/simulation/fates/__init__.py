"""What may happen to families on a day, one function a kind; `rates` says how often."""
