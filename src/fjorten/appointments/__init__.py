"""
Times set aside for a consultation: from the staff's rosters to who came.

So far the pure half: the slots a roster gives on a day, and what may become of an appointment. Bookings and invitations follow.
"""
