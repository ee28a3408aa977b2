# Classes, generators, comprehensions, regular expressions, JSON, Java classes, big integers, and an error.
import json
import re

from java.lang import Runnable, Thread
from java.util import ArrayList


class Animal(object):
    count = 0

    def __init__(self, name):
        self.name = name
        Animal.count += 1

    def __repr__(self):
        return "<%s %r>" % (type(self).__name__, self.name)

    @property
    def loud(self):
        return self.name.upper()


class Task(Runnable):
    def run(self):
        print "run", Animal.count


def squares(n):
    for i in range(n):
        yield i * i


print [Animal("cat"), Animal("dog").loud], list(squares(6)), {k: v for k, v in zip("ab", squares(2))}
print re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), json.dumps({"a": [1, None, True, 1.5]}, sort_keys=True)
print ArrayList([3, 1, 2]), 2 ** 100, 7 // 2, -7 % 3, "%.3f" % 3.14159, u"\u00e9".encode("utf-8")
thread = Thread(Task())
thread.start()
thread.join()
try:
    {}["missing"]
except KeyError as e:
    print "KeyError", e
print sorted(["b", "A", "c"], key=str.lower), sum(x for x in range(10) if x % 2)
1 / 0
