"""Barnets side: who the child is at a glance, the track of the programme, the open case, appointments, messages, family and contact."""
