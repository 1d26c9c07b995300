import errno
import os

try:
    with open("/big", "wb", buffering=0) as f:
        while True:
            f.write(b"x" * 65536)
except OSError as e:
    print(errno.errorcode[e.errno])
os.remove("/big")
with open("/after", "w") as f:
    f.write("room again")
print("gone on")
