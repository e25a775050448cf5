"""``healthy.py PATH``: whether this container's process answers there with success."""

import os
import sys
from urllib.request import ProxyHandler, build_opener

_TIMEOUT_S = 4

address = f"http://127.0.0.1:{os.environ['DOUDI_PORT']}{sys.argv[1]}"
build_opener(ProxyHandler({})).open(address, timeout=_TIMEOUT_S).close()
