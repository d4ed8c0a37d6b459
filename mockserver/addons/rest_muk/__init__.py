"""The model of the add-on muk_rest: its tokens."""
