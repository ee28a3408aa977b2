enum Shape:
  case Circle(r: Double)
  case Rect(w: Double, h: Double)
extension (s: Shape) def area: Double = s match
  case Shape.Circle(r) => math.Pi * r * r
  case Shape.Rect(w, h) => w * h
@main def hello(names: String*): Unit =
  println(s"Hello ${names.mkString(", ")}")
  println(List(Shape.Circle(1), Shape.Rect(2, 3)).map(_.area).sum)
