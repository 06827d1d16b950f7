"""How `make serve` runs: threads for the many small questions of screens, processes for the cores."""

from settings import Settings

_settings = Settings()
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = 8
worker_class = "gthread"
# A load or a long plan may keep one thread busy; screens are served by the others.
timeout = 120
accesslog = None
