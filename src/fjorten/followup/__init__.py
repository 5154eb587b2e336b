"""
The case after a missed consultation: what is done, by whom, by when, until a person closes it with a reason.

So far the pure half: the ladder as data, its tracks and deadlines, and what counts as a miss. Cases and their steps follow.
"""
