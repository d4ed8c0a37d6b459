"""Messages on records and their followers: what a server has of the module `mail` even without its pack.

Every contact takes messages and followers.  The pack `mail` adds to the same classes what costs time at every write:
the log of creations and changes, notifications, activities, mail.
"""
