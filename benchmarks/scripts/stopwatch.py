"""Run a command and print its seconds, its peak memory in bytes, and its exit status.

python -IS stopwatch.py COMMAND...

What the command prints is dropped. A process of its own does this because Linux counts the memory
of the process that starts a command as the command's own: this one stays below 10 MiB, which is
the least that can be measured. The peak is that of the largest of the command's processes.
"""

import os
import sys
from time import perf_counter

_NOWHERE = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
_UNIT = 1 if sys.platform == "darwin" else 1024

start = perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=_NOWHERE)
_, ended, usage = os.wait4(process, 0)
seconds = perf_counter() - start
print(seconds, usage.ru_maxrss * _UNIT, os.waitstatus_to_exitcode(ended))
