import os
import shutil
import sqlite3
import tempfile
import zipfile

with tempfile.TemporaryDirectory() as directory:
    assert directory.startswith("/tmp/")
    with tempfile.NamedTemporaryFile(dir=directory) as named:
        named.write(b"temporary")
        named.flush()
        assert open(named.name, "rb").read() == b"temporary"
        name = named.name
    assert not os.path.exists(name)
assert not os.path.exists(directory)
with tempfile.TemporaryFile() as nameless:
    nameless.write(b"x")
fd, path = tempfile.mkstemp()
os.write(fd, b"y")
os.close(fd)
os.remove(path)

os.makedirs("/tree/sub")
for name in ("a", "sub/b"):
    with open(f"/tree/{name}", "w") as f:
        f.write(name)
shutil.copytree("/tree", "/copy")
shutil.move("/copy/sub/b", "/copy/moved")
assert open("/copy/moved").read() == "sub/b"
archive = shutil.make_archive("/archive", "zip", "/tree")
with zipfile.ZipFile(archive) as z:
    assert z.testzip() is None
    assert z.read("sub/b") == b"sub/b"
shutil.rmtree("/copy")
shutil.rmtree("/tree")
os.remove(archive)

with sqlite3.connect("/data.db") as db:
    db.execute("create table t (a integer primary key, b text)")
    db.executemany("insert into t (b) values (?)", [(str(i),) for i in range(500)])
db.close()
db = sqlite3.connect("/data.db")
assert db.execute("select count(*), sum(a) from t").fetchone() == (500, 125250)
try:
    with db:
        db.execute("delete from t")
        raise KeyError
except KeyError:
    pass
assert db.execute("select count(*) from t").fetchone() == (500,)
db.close()
os.remove("/data.db")

print("done")
