declare function local:factorial($n as xs:integer) as xs:integer { if ($n le 1) then 1 else $n * local:factorial($n - 1) };
<result>{
  for $book at $place in doc("books.xml")//book
  let $authors := $book/author
  where count($authors) ge 1
  order by $book/title collation "http://www.w3.org/2005/xpath-functions/collation/codepoint"
  return <book place="{$place}">{ $book/title/text(), count($authors) }</book>,
  local:factorial(25), analyze-string("a1b22", "[0-9]+"), xs:dateTime("2024-01-01T00:00:00Z") - xs:dateTime("2023-12-31T12:00:00Z"),
  json-to-xml('{"k": [1, true, null]}'), sort((3, 1, 2)), fold-left(1 to 10, 0, function($a, $b) { $a + $b })
}</result>
