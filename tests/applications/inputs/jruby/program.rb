# Classes, blocks, strings, errors, threads, fibers, and calls into Java.
puts RUBY_ENGINE, [3, 1, 2].sort.inspect

class Cup
  include Comparable
  attr_accessor :size
  def initialize(size) = @size = size
  def <=>(other) = size <=> other.size
end

p [Cup.new(2), Cup.new(1)].min.size
puts "%05.2f %s" % [3.14159, :symbol]
doubles = Hash.new { |hash, key| hash[key] = key * 2 }
doubles[3]
p doubles
begin
  raise ArgumentError, "bad"
rescue => error
  puts "#{error.class}: #{error.message}"
end
p "héllo".bytes.size, "hello world".scan(/o./)
list = java.util.ArrayList.new
list << 1 << "two"
puts list.to_s
p Thread.new { Thread.current[:a] = 5; 42 }.value
fiber = Fiber.new { Fiber.yield 1; 2 }
p fiber.resume, fiber.resume
nil.nothing
