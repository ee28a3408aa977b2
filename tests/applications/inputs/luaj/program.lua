-- What the language has, its library, and Java's classes from it.
local numbers = {}
for i = 1, 20 do numbers[i] = (i * 7919) % 101 end
table.sort(numbers, function(a, b) return a > b end)
print(table.concat(numbers, ","))
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(20), 10 / 3, 2 ^ 53, 7 % -3, string.format("%5.2f|%-8s|%x", math.pi, "tea", 255))
for word in string.gmatch("one two three", "%a+") do io.write(word:upper(), ";") end print()
local twice = coroutine.create(function(a) while true do a = coroutine.yield(a * 2) end end)
for i = 1, 4 do print(coroutine.resume(twice, i)) end
print(select(2, pcall(function() error({code = 7}) end)).code)
print(pcall(function() local x = nil; return x.y end))
local magic = setmetatable({}, {__index = function(_, key) return key .. "!" end, __call = function(self, x) return x + 1 end})
print(magic.hello, magic(41))
local file = io.open(arg[1], "w"); file:write("written by lua\n"); file:close()
for line in io.lines(arg[1]) do print(line) end
print(#"é", select("#", 1, nil, 3))
print(luajava.bindClass("java.lang.Math"):max(3, 9))
local list = luajava.newInstance("java.util.ArrayList"); list:add("a"); list:add("b"); print(list:size(), list:toString())
print(pcall(error, "the end"))
os.exit(3)
