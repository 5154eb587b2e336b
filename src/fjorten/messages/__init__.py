"""
What the families are told: texts in many languages, reviewed before they are used, and what becomes of them on the way.

So far the pure half: the texts as data, their placeholders and languages, and what a text message costs to send. Obligations, outbox and
channels follow.
"""
