"""Corrections of ministack 1.5.33 in what it says of sign-ins; see corrections.py."""

import contextvars
from typing import Any


def keep_the_time_of_signing_in(cognito: Any) -> None:
    """A renewed token says when its session began, as on AWS (`auth_time`); ministack says when it was made.

    Its refresh token was made at the sign-in, so that is when.
    """
    began: contextvars.ContextVar[int | None] = contextvars.ContextVar("began", default=None)
    result, signed = cognito._refresh_auth_result, cognito._signed_jwt

    def refresh_auth_result(pool: Any, pool_id: str, client_id: str, refresh_token: str) -> Any:
        reset = began.set(cognito._token_claims(refresh_token).get("iat"))
        try:
            return result(pool, pool_id, client_id, refresh_token)
        finally:
            began.reset(reset)

    def signed_jwt(claims: dict[str, Any], *others: Any) -> str:
        if began.get() is not None and "auth_time" in claims:
            claims = {**claims, "auth_time": began.get()}
        token: str = signed(claims, *others)
        return token

    cognito._refresh_auth_result = refresh_auth_result
    cognito._signed_jwt = signed_jwt
