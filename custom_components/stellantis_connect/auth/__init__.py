"""OAuth2 session, client certificate and the API client built from them."""
