"""Every error that Flectra's rest_api sends as JSON.  Source: rest-flectra §1, §2."""

from __future__ import annotations

from http import HTTPStatus

# method → the add-on's error code for its failure, and the beginning of the text
FAILURES = {
    "create": ("not_created_object_in_flectra", "Not created object in flectra!"),
    "write": ("not_updated_object_in_flectra", "Object Not Updated!"),
    "unlink": ("not_deleted_object_in_flectra", "Not deleted object in flectra!"),
}
_NOT_FOUND = "object_not_found_in_flectra"


class Refusal(Exception):
    """`{"error": code, "error_descrip": text}` with an HTTP status."""

    def __init__(self, status: HTTPStatus, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text

    @classmethod
    def access_token_not_found(cls) -> Refusal:
        """The header is missing or empty."""
        return cls(HTTPStatus.BAD_REQUEST, "access_token_not_found", "Missing access token in request header!")

    @classmethod
    def invalid_token(cls) -> Refusal:
        """The token is unknown, expired, or not the user's newest."""
        return cls(HTTPStatus.UNAUTHORIZED, "invalid_token", "Token is expired or invalid!")

    @classmethod
    def no_access_token(cls) -> Refusal:
        """There is no token to delete."""
        return cls(HTTPStatus.BAD_REQUEST, "no_access_token", "No access token was provided in request!")

    @classmethod
    def empty_login(cls) -> Refusal:
        """One of the three parameters of a login is missing or empty."""
        text = "Empty value of 'db' or 'username' or 'password'!"
        return cls(HTTPStatus.BAD_REQUEST, "empty_db_or_username_or_password", text)

    @classmethod
    def invalid_database(cls) -> Refusal:
        """The database does not exist, or the login failed for another reason than its password."""
        return cls(HTTPStatus.BAD_REQUEST, "invalid_database", "Invalid database!")

    @classmethod
    def login_failed(cls) -> Refusal:
        """The login or the password is wrong."""
        text = "flectra User authentication failed!"
        return cls(HTTPStatus.UNAUTHORIZED, "flectra_user_authentication_failed", text)

    @classmethod
    def unknown_model(cls, model: str) -> Refusal:
        """The model does not exist; the spelling is the add-on's."""
        return cls(HTTPStatus.NOT_FOUND, _NOT_FOUND, f"Modal {model} Not Found!")

    @classmethod
    def not_enabled(cls, model: str) -> Refusal:
        """The flag `rest_api` of the model is off."""
        return cls(HTTPStatus.NOT_FOUND, _NOT_FOUND, f"Enable Rest API For {model}!")

    @classmethod
    def nothing_found(cls, model: str | None) -> Refusal:
        """The list of records is empty."""
        return cls(HTTPStatus.NOT_FOUND, _NOT_FOUND, f"No Record found in {model}!")

    @classmethod
    def missing(cls, model: str, id_: int) -> Refusal:
        """There is no record with that id."""
        return cls(HTTPStatus.NOT_FOUND, _NOT_FOUND, f"Record {id_} Not found in {model}!")

    @classmethod
    def invalid_id(cls) -> Refusal:
        """The id is zero, not a number, or missing where it is required."""
        return cls(HTTPStatus.BAD_REQUEST, "invalid_object_id", "Invalid object 'id'!")

    @classmethod
    def failed(cls, method: str, text: str) -> Refusal:
        """`create`, `write` or `unlink` raised something; the text is that of the exception."""
        code, begins = FAILURES[method]
        return cls(HTTPStatus.INTERNAL_SERVER_ERROR, code, f"{begins} ERROR: {text}")
