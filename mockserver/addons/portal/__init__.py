"""Pages for customers: the addresses of documents, and the tokens that open them.

Leaves out: the pages themselves, and the wizards that share documents and invite users.
"""
