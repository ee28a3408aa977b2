// Collections, closures, string templates, classes, switches, dynamic dispatch, and errors.
def l = [3,1,2].sort().collect { it * 2 }
println l
class P { String name; int age; String toString() { "$name is $age" } }
println new P(name: 'Ann', age: 3)
def m = [a: 1, b: [c: 2]]
println m.b.c + " ${m*.key}"
println((1..5).inject { a, b -> a * b })
@groovy.transform.Immutable class I { int x; List y }
println new I(1, [2])
def sw(x) { switch(x) { case Integer: 'int'; break; case ~/a.*/: 'rx'; break; case [1,2]: 'l'; break; default: 'none' } }
println([1, "abc", null, 2.5].collect { sw(it) })
println "abc".metaClass.respondsTo("abc", "size").size()
String.metaClass.shout = { -> delegate.toUpperCase() + '!' }
println 'hey'.shout()
try { null.foo() } catch (NullPointerException e) { println e.message }
try { 'x'.nope() } catch (MissingMethodException e) { println e.message }

