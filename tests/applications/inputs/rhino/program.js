// Objects, closures, regular expressions, numbers, exceptions, and calls into Java.
function Point(x, y) { this.x = x; this.y = y; }
Point.prototype.toString = function () { return "(" + this.x + ", " + this.y + ")"; };

var points = [];
for (var i = 0; i < 5; i++) points.push(new Point(i * 1.5, Math.sin(i).toFixed(6)));
print(points.sort(function (a, b) { return a.y - b.y; }).join(" "));

function fibonacci(n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
print(fibonacci(18), (0.1 + 0.2), 1 / 3, 1e21, -0, 0xff, parseInt("z", 36), (255).toString(2));

var counter = (function () { var n = 0; return { next: function () { return ++n; } }; })();
counter.next(); print(counter.next());

print("The quick brown fox".replace(/(\w+) (\w+)/g, "$2 $1"), /^(?:a|b)*?c/.exec("ababc"), "a,b;c".split(/[,;]/).length);
print(JSON.stringify({ a: [1, "two", null, true], b: { c: new Date(0).toISOString() } }, null, 2));
try { null.property; } catch (e) { print(e instanceof TypeError, e.message); }
try { undefined_function(); } catch (e) { print(e.name + ": " + e.message); }
label: for (var k in { p: 1, q: 2, r: 3 }) { switch (k) { case "q": break label; default: print("key", k); } }
var { length } = "destructured"; let twice = x => x * 2; const list = [3, 1, 2].map(twice);
print(length, list, typeof twice);
for (let n of [0, 1, 4]) print("of", n);

var map = new java.util.TreeMap();
map.put("one", 1); map.put("two", "zwei");
print(map, map.get("two").length(), java.lang.Integer.toHexString(48879));
var runnable = new java.lang.Runnable({ run: function () { print("run from Java"); } });
var thread = new java.lang.Thread(runnable); thread.start(); thread.join();
print(java.util.Arrays.asList(["x", "y"]).toString(), new java.math.BigInteger("2").pow(100));
try { java.lang.Integer.parseInt("no number"); } catch (e) { print(e.javaException.getMessage()); }

var primes = [], sieve = new Int32Array(2000);
for (var p = 2; p < 2000; p++) if (!sieve[p]) { primes.push(p); for (var m = p * p; m < 2000; m += p) sieve[m] = 1; }
print(primes.length, primes[primes.length - 1]);
quit(3);
