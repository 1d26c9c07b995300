# Preview1 has no working directory, so the interpreter starts in "/". This module, which the
# interpreter imports before it looks at its script, takes it to the directory that was asked for
# and leaves no trace. WORKING_DIRECTORY and SCRIPT are put in front of this text.
import os
import sys


def _start():
    archive = os.path.dirname(__file__)
    sys.path.remove(archive)
    sys.path_importer_cache.pop(archive, None)
    os.environ["PYTHONPATH"] = os.environ["PYTHONPATH"].partition(":")[2]
    os.chdir(os.fsdecode(WORKING_DIRECTORY))
    if SCRIPT is not None:
        sys.argv[0] = os.fsdecode(SCRIPT)
    # A sitecustomize of the user's own runs as it would without this one; without one, the
    # ImportError is what the interpreter expects.
    del sys.modules[__name__]
    import sitecustomize


_start()
