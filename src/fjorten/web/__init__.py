"""The staff's pages, by task. They compose the rooms and hold no rules: permission, one domain call, presenter, render."""
