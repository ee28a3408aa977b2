/* Exercises: reading lines of numbers from standard input (BufferedReader over System.in). */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class SumLines {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        long sum = 0;
        int good = 0, bad = 0, number = 0;
        for (String line; (line = in.readLine()) != null;) {
            number++;
            try {
                sum += Long.parseLong(line.trim());
                good++;
            } catch (NumberFormatException e) {
                bad++;
                System.err.println("line " + number + ": " + e.getMessage());
            }
        }
        System.out.println("sum " + sum + " of " + good + ", bad " + bad);
        System.out.println(in.read() + " " + in.readLine() + " " + System.in.read());
    }
}
