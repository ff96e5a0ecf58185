"""Let the test library, which knows 2026.10, run with Home Assistant 2026.11.

Load it with `pytest -p tests.newest_home_assistant`, before anything imports httpx.
"""

from homeassistant.components import logger
from homeassistant.components.logger import helpers

# 2026.11 moved it from the package to its helpers.
if not hasattr(logger, "_clear_logger_overwrites"):
    vars(logger)["_clear_logger_overwrites"] = vars(helpers)["_clear_logger_overwrites"]
