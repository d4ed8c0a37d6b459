"""Calendars: events with their times, whole days, attendees and answers, series, reminders, private events.

Covers flow-calendar-1 (17.0); 18.0 and 19.0 by what is known to differ there.
Leaves out: invitations and reminders by mail, video calls, the synchronisation with other calendars, and activities
that have an event.
"""
