"""The model of Flectra's add-on rest_api: its tokens."""
