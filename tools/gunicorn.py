"""How `make serve` runs: threads for the many small questions of screens, processes for the cores."""

import sys

from settings import Settings

_settings = Settings()
if _settings.exposed:
    sys.exit(_settings.exposed)
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = 8
worker_class = "gthread"
# A load or a long plan may keep one thread busy; screens are served by the others.
timeout = 120
accesslog = None
# The same limits as callbacks/guards.py; who sends a request slowly is the proxy's to wait for.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
keepalive = 5
