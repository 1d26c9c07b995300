import json
import os
import sys

from words.counting import count

if sys.argv[1:2] == ["--write"]:
    with open(os.environ["WORDS_DATA"]) as text, open(sys.argv[2], "w") as counts:
        json.dump(count(text.read()), counts)
else:
    with open("counts.json") as counts:
        ranking = sorted(json.load(counts).items(), key=lambda item: (-item[1], item[0]))
    for word, times in ranking[:3]:
        print(times, word)
