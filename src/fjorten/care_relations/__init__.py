"""What binds somebody at work to a child, what a leader or an emergency gave them, and the looking afterwards at who looked."""
