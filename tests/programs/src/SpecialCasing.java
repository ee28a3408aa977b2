/* Exercises: what String does through streams, break iterators or regular expressions, all of which link
 * lambdas: casing that depends on context, lines, indent, stripIndent, patterns in split and replaceAll. */
public class SpecialCasing {
    public static void main(String[] args) {
        System.out.println("ΣΊΣΥΦΟΣ ΟΔΟΣ Σ".toLowerCase() + " " + "İSTANBUL".toLowerCase().length() + " " + "ŉ ΐ ﬃ".toUpperCase());
        System.out.println("  indented\n    more\n".stripIndent() + "one\ntwo".indent(3) + "a\n\nb".lines().count());
        System.out.println("a1b22c333".replaceAll("[0-9]+", "#") + " " + "x, y ;z".split("[,; ]+").length + " " + "key=value".matches("\\w+=\\w+") + " " + "aXbX".replaceFirst("X", "-"));
        System.out.println("hello".chars().filter(c -> c == 'l').count() + " " + String.format("%5d|%-5s|%x|%.3f", 42, "ab", 255, Math.PI));
    }
}
