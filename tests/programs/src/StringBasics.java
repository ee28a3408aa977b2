/* Exercises: String: substring, searching, replacing, comparing, trimming, splitting, joining, case,
 * and the exceptions they raise (java.lang.String). */
public class StringBasics {
    interface Attempt { Object run(); }

    static void attempt(String what, Attempt a) {
        try {
            System.out.println(what + ": [" + a.run() + "]");
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        final String s = "the quick brown fox jumps over the lazy dog";
        System.out.println(s.length() + " " + s.substring(4, 9) + " " + s.substring(40) + " [" + s.substring(43) + "] " + s.charAt(4));
        System.out.println(s.indexOf("the") + " " + s.indexOf("the", 1) + " " + s.lastIndexOf("the") + " " + s.lastIndexOf("the", 30) + " " + s.indexOf('q') + " "
                + s.indexOf('q', 5) + " " + s.lastIndexOf('o') + " " + s.indexOf("") + " " + s.indexOf("cat") + " " + s.indexOf("", 99) + " " + s.lastIndexOf("") + " " + s.indexOf('x', -5));
        System.out.println(s.replace('o', '0') + " " + s.replace("the", "a") + " " + "aaa".replace("aa", "b") + " " + "abc".replace("", "-"));
        System.out.println(s.startsWith("the") + " " + s.startsWith("quick", 4) + " " + s.endsWith("dog") + " " + s.endsWith("") + " " + s.contains("fox j") + " " + s.startsWith("x", -1));
        String[][] pairs = {{"apple", "banana"}, {"a", "A"}, {"abc", "ab"}, {"", "a"}, {"Zebra", "apple"}, {"é", "z"}, {"same", "same"}, {"\uD83D\uDE00", "\uFFFF"}};
        for (String[] p : pairs) {
            System.out.println(p[0] + " " + p[1] + " " + p[0].compareTo(p[1]) + " " + p[0].compareToIgnoreCase(p[1]) + " " + p[0].equals(p[1]) + " " + p[0].equalsIgnoreCase(p[1])
                    + " " + p[0].hashCode() + " " + p[0].regionMatches(true, 0, p[1], 0, 1));
        }
        System.out.println("[" + "  \t trim me \n ".trim() + "] [" + "\u2003 strip me\u2003".strip() + "] [" + " lead".stripLeading() + "] [" + "trail ".stripTrailing() + "] "
                + " ".isBlank() + "".isEmpty() + "x".isBlank());
        System.out.println("ab".repeat(5) + " [" + "x".repeat(0) + "] " + "é".repeat(3) + " " + "".repeat(1000).length());
        System.out.println("MiXeD Ünïcödé ß ΑΩ".toLowerCase() + " " + "MiXeD ünïcödé ß ŉ ﬁ".toUpperCase());
        for (String piece : "a,b,,c,,".split(",")) System.out.print("<" + piece + ">");
        for (String piece : "a,b,,c,,".split(",", -1)) System.out.print("(" + piece + ")");
        for (String piece : "a,b,,c,,".split(",", 2)) System.out.print("{" + piece + "}");
        System.out.println("".split(",").length + " " + ",".split(",").length + " " + "a.b".split("\\.").length);
        System.out.println(String.join("-", "a", "b", "c") + " " + String.join("", "x") + " " + String.join(", ", java.util.Arrays.asList("p", "q")) + " [" + String.join("+") + "]");
        System.out.println(String.valueOf(5) + String.valueOf(5L) + String.valueOf(1.5f) + String.valueOf(2.5) + String.valueOf('c') + String.valueOf(true)
                + String.valueOf((Object) null) + String.valueOf(new char[] {'x', 'y'}) + String.valueOf(new char[] {'a', 'b', 'c'}, 1, 2) + String.copyValueOf(new char[] {'z'}));
        int vowels = 0;
        for (char c : s.toCharArray()) if ("aeiou".indexOf(c) >= 0) vowels++;
        System.out.println(vowels + " " + s.concat("!").length() + " " + "abc".contentEquals(new StringBuilder("abc")) + " " + "a-b".subSequence(1, 3));
        attempt("charAt", new Attempt() { public Object run() { return s.charAt(43); } });
        attempt("charAt -1", new Attempt() { public Object run() { return s.charAt(-1); } });
        attempt("substring", new Attempt() { public Object run() { return s.substring(5, 4); } });
        attempt("substring end", new Attempt() { public Object run() { return s.substring(0, 44); } });
        attempt("substring begin", new Attempt() { public Object run() { return s.substring(-1); } });
        attempt("substring beyond", new Attempt() { public Object run() { return "ab".substring(3); } });
        attempt("repeat", new Attempt() { public Object run() { return "x".repeat(-1); } });
        attempt("codePointAt", new Attempt() { public Object run() { return "".codePointAt(0); } });
        attempt("new String", new Attempt() { public Object run() { return new String(new char[3], 2, 5); } });
        attempt("valueOf", new Attempt() { public Object run() { return new String(new byte[3], 1, 3); } });
        String block = """
            A text block,
              with "quotes" and \
            a joined line,
            trailing space kept:\s
            tab\tand escape \\ end""";
        System.out.println(block + " " + block.length());
        System.out.println("a\\tb\\n".translateEscapes().length() + " " + "two\nlines".indexOf('\n'));
        System.out.println("x".compareTo("xyz") + " " + "b".compareTo("a") + " " + String.CASE_INSENSITIVE_ORDER.compare("B", "a"));
    }
}
