import os
import stat


def fails(error, action, *args):
    try:
        action(*args)
    except error:
        return
    raise AssertionError(f"{action.__name__}{args} did not fail with {error.__name__}")


os.mkdir("/kept")
os.chdir("/kept")
with open("file", "wb") as f:
    assert f.write(b"0123456789") == 10
    f.seek(3)
    f.write(b"x")
assert open("file", "rb").read() == b"012x456789"
with open("file", "r+b") as f:
    f.seek(3)
    f.write(b"3")

# Names
os.link("file", "hard")
assert os.stat("file").st_nlink == 2
assert os.path.samefile("file", "hard")
os.symlink("file", "soft")
assert os.readlink("soft") == "file"
assert stat.S_ISLNK(os.lstat("soft").st_mode)
assert os.stat("soft").st_ino == os.stat("file").st_ino
assert sorted(os.listdir()) == ["file", "hard", "soft"]
assert {e.name: e.is_symlink() for e in os.scandir(".")} == {
    "file": False, "hard": False, "soft": True}
os.rename("hard", "renamed")
os.replace("file", "renamed")  # two names of one file: POSIX leaves both
assert os.path.exists("file")
os.remove("file")
os.symlink("/kept/renamed", "link")
os.remove("soft")

# Content
os.truncate("renamed", 4)
assert os.path.getsize("renamed") == 4
with open("renamed", "ab") as f:
    assert f.tell() == 4
os.utime("renamed", (1, 2.5))
assert os.stat("renamed").st_mtime_ns == 2_500_000_000
assert os.stat("renamed").st_dev != 0

# Open and gone
f = open("gone", "w+")
os.remove("gone")
f.write("still here")
f.seek(0)
assert f.read() == "still here"
f.close()

# Directories
os.makedirs("a/b/c")
open("a/b/c/d", "x").close()
fails(OSError, os.rmdir, "a/b/c")
fails(FileExistsError, os.mkdir, "a")
fails(FileExistsError, open, "a/b/c/d", "x")
fails(FileNotFoundError, open, "absent")
fails(IsADirectoryError, open, "a", "w")
fails(NotADirectoryError, os.listdir, "renamed")
os.rename("a/b", "b")
os.remove("b/c/d")
os.removedirs("b/c")
os.rmdir("a")
assert sorted(os.listdir("/kept")) == ["link", "renamed"]

# Many entries, some removed while they are read
os.mkdir("many")
for i in range(1000):
    open(f"many/{i}", "x").close()
seen = 0
with os.scandir("many") as entries:
    for entry in entries:
        os.remove(entry.path)
        seen += 1
assert seen == 1000, seen
os.rmdir("many")

# Devices
assert open("/dev/null", "rb").read() == b""
assert open("/dev/zero", "rb").read(4) == b"\0\0\0\0"
assert len(open("/dev/urandom", "rb").read(16)) == 16
try:
    with open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")
    raise AssertionError("/dev/full took a byte")
except OSError as e:
    import errno
    assert e.errno == errno.ENOSPC

print("done")
