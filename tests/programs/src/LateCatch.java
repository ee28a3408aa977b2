// Catch types that are resolved only when something is thrown, long after the call was first made: their
// loading runs Java code above the frame that catches.
public class LateCatch {
    static class First extends RuntimeException { }

    static class Second extends RuntimeException { }

    static class Third extends RuntimeException { }

    static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (First | Second e) {
            System.out.println("no");
        } catch (Third e) {
            System.out.println("not this one either");
        } catch (ClassNotFoundException e) {
            System.out.println("caught: " + e.getMessage());
        }
        return null;
    }

    static int sum(int[] numbers, int index) {
        int before = numbers.length;
        try {
            return before + numbers[index];
        } catch (First e) {
            return -1;
        } catch (ArrayIndexOutOfBoundsException e) {
            return before * 100 + index;
        }
    }

    public static void main(String[] args) {
        System.out.println(find("LateCatch"));
        System.out.println(find("java.lang.String"));
        System.out.println(find("absent.Thing"));
        System.out.println(find("LateCatch$Third"));
        int[] numbers = {1, 2, 3};
        for (int i = 0; i < 5; i++) {
            System.out.println(sum(numbers, i));
        }
    }
}
