/* Exercises: switch on String: hashing, collisions, fall-through, old and new form (JLS §14.11). */
public class StringSwitch {
    static int number(String word) {
        switch (word) {
            case "one": return 1;
            case "two": return 2;
            case "three": return 3;
            case "": return 0;
            case "Aa": return 100; // "Aa", "BB" and "C#" have one hash code
            case "BB": return 101;
            case "C#": return 102;
            case "größer": return 7;
            case "\uD83D\uDE00": return 8;
            default: return -1;
        }
    }

    static String kind(String name) {
        return switch (name) {
            case "apple", "pear" -> "fruit";
            case "leek" -> "vegetable";
            case "AaAa", "BBBB", "AaBB" -> "collision";
            default -> name.isEmpty() ? "nothing" : "unknown";
        };
    }

    static int nested(String a, String b) {
        int result = 0;
        switch (a) {
            case "x":
                switch (b) {
                    case "x": result += 1;
                    case "y": result += 2; break;
                    default: result += 4;
                }
                result += 8;
            case "y":
                result += 16;
        }
        return result;
    }

    public static void main(String[] args) {
        for (String word : new String[] {"one", "two", "three", "four", "", "Aa", "BB", "C#", "Bb", "größer", "grösser", "\uD83D\uDE00", "\uD83D"}) {
            System.out.println(word.length() + " " + word.hashCode() + " " + number(word) + " " + number(new String(word)));
        }
        for (String name : new String[] {"apple", "pear", "leek", "AaAa", "BBBB", "AaBB", "BBAa", "", "cup"}) {
            System.out.println(name + " " + kind(name));
        }
        for (String a : new String[] {"x", "y", "z"}) {
            for (String b : new String[] {"x", "y", "z"}) System.out.println(a + b + " " + nested(a, b));
        }
        try {
            number(args.length == 0 ? null : args[0]);
            System.out.println("not reached");
        } catch (NullPointerException e) {
            System.out.println("null has no case");
        }
    }
}
