"""A provider of identities of the tests' own: discovery, keys, codes and tokens, in this very process."""

import base64
import hashlib
import time
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server


class Provider:
    """Says of whoever asks that they are `claims`; `changes` are put over what is right, to make it wrong."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.codes = {}
        self.asked = []
        self.reset()
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def reset(self):
        self.claims = {"sub": "sub-li", "preferred_username": "li"}
        self.changes = {}
        self.signs = self.key
        self.named = None
        self.unsigned = False

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self):
        app = Flask("provider")

        @app.get("/.well-known/openid-configuration")
        def discovery():
            return jsonify(
                issuer=self.named or self.issuer,
                authorization_endpoint=f"{self.issuer}/authorize",
                token_endpoint=f"{self.issuer}/token",
                jwks_uri=f"{self.issuer}/keys",
                id_token_signing_alg_values_supported=["RS256"],
                response_types_supported=["code"],
                subject_types_supported=["public"],
            )

        @app.get("/keys")
        def keys():
            return jsonify(KeySet([self.key]).as_dict(private=False))

        @app.get("/authorize")
        def authorize():
            asked = request.args.to_dict()
            assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token")
        def token():
            asked = self.codes.pop(request.form["code"], None)
            made = base64.urlsafe_b64encode(hashlib.sha256(request.form["code_verifier"].encode()).digest())
            if asked is None or made.decode().rstrip("=") != asked["code_challenge"]:
                return jsonify(error="invalid_grant"), 400
            now = int(time.time())
            claims = {
                "iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                **self.claims, **self.changes,
            }  # fmt: skip
            said = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs)
            if self.unsigned:
                said = said.rpartition(".")[0] + "."
            return jsonify(access_token="access", token_type="Bearer", expires_in=300, id_token=said)  # noqa: S106

        return app


def through(client, provider, **query):
    """The answer of the dashboard after a browser went by the provider; `query` is put over what comes back."""
    import requests  # noqa: PLC0415  only these tests talk to a server

    sent = client.get("/sign-in/provider?next=/plans%3Flang%3Den")
    assert sent.status_code == 302, sent.get_data(as_text=True)
    assert sent.headers["Location"].startswith(provider.issuer)
    back = urlsplit(requests.get(sent.headers["Location"], allow_redirects=False, timeout=10).headers["Location"])
    told = {name: values[0] for name, values in parse_qs(back.query).items()} | query
    return client.get(f"{back.path}?{urlencode(told)}")
