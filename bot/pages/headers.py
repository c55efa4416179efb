"""The headers of every answer that a page gives, whatever became of the request."""

from starlette.responses import Response

FIXED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address of a sign-in link holds its secret
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_KEPT = "no-store"
HTTPS_ONLY = "max-age=31536000"


def set_headers(response: Response, public_url: str) -> None:
    """Set them; only a handler that says how long its answer keeps has it kept."""
    response.headers.update(FIXED)
    response.headers.setdefault("Cache-Control", NOT_KEPT)
    if public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = HTTPS_ONLY
