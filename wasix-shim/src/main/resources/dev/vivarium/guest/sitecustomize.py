# The interpreter imports this module while it starts, before it has a program. It leaves no trace
# but a function, which the host calls when it has put a letter into the mailbox: who the program is
# and where it runs. PythonMemory knows the mailbox's layout.
import os
import sys


def _start():
    archive = os.path.dirname(__file__)
    sys.path.remove(archive)
    capacity = int(os.environ.pop("VIVARIUM_MAILBOX"))
    mailbox = bytearray(32 + capacity)

    def take():
        nonlocal mailbox
        del sys._vivarium
        length = int.from_bytes(mailbox[28:32], "little")
        fields = iter(os.fsdecode(bytes(mailbox[32 : 32 + length])).split("\0")[:-1])
        mailbox = None
        directory = next(fields)
        sys.orig_argv[:] = [next(fields) for _ in range(int(next(fields)))]
        sys.argv[:] = [next(fields) for _ in range(int(next(fields)))]
        environment = dict(field.split("=", 1) for field in fields)
        for name in [name for name in os.environ if name not in environment]:
            del os.environ[name]
        for name, value in environment.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
        # Whatever was looked up in the files of another run.
        for path in [path for path in sys.path_importer_cache if not path.startswith("/usr/")]:
            del sys.path_importer_cache[path]
        sys.modules["zipimport"]._zip_directory_cache.pop(archive, None)
        try:
            os.chdir(directory)
        except OSError as error:
            sys.stderr.write(f"python: cannot change to {directory}: {error.strerror}\n")

    sys._vivarium = take
    # The mark, inverted and byte by byte, so that it is nowhere but in the mailbox.
    for place, byte in enumerate(bytes.fromhex("84e1a52f3c06bd705e2994c16f3d78b2")):
        mailbox[place] = byte ^ 255
    numbers = (id(take), id(()), capacity)
    mailbox[16:28] = b"".join(number.to_bytes(4, "little") for number in numbers)
    # A sitecustomize of the user's own runs as it would without this one; without one, the
    # ImportError is what the interpreter expects.
    del sys.modules[__name__]
    import sitecustomize


_start()
