/** Tests of every kind: passing, failing, aborted, disabled, repeated, parameterised, dynamic, nested, with a time limit. */

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestMethodOrder(MethodOrderer.MethodName.class)
@DisplayName("Everything ☕")
class JUnitTests {
    enum Size { SMALL, LARGE }
    private int counter;

    @BeforeEach void count() { counter++; }
    @AfterAll static void last() { System.out.println("after all"); }

    @Test void passes() { assertEquals(1, counter); }
    @Test @DisplayName("a failing one") void fails() { assertEquals("expected text", "actual text", () -> "texts differ"); }
    @Test void throwsAnother() { throw new UnsupportedOperationException("not here"); }
    @Test void catches() { assertEquals("q", assertThrows(IllegalArgumentException.class, () -> { throw new IllegalArgumentException("q"); }).getMessage()); }
    @Test void all() { assertAll("several", () -> assertEquals(1, 2), () -> assertEquals(3, 4)); }
    @Test void assumes() { assumeTrue(counter > 5, "too few"); }
    @Test @Disabled("not today") void disabled() { }
    @Test @Tag("slow") void tagged(TestInfo info) { assertEquals("tagged(TestInfo)", info.getDisplayName()); }
    @Test void within() { assertTimeoutPreemptively(Duration.ofMinutes(1), () -> counter++); }
    @Test void temporary(@TempDir Path folder) throws Exception { Files.writeString(folder.resolve("f"), "x"); }
    @RepeatedTest(3) void repeated() { assertEquals(1, counter); }
    @ParameterizedTest(name = "{0} + {1} = {2}") @CsvSource({"1, 2, 3", "2, 2, 5"}) void sums(int a, int b, long sum) { assertEquals(sum, a + b); }
    @ParameterizedTest @EnumSource void sizes(Size size) { assertEquals(size, Size.valueOf(size.name())); }
    @ParameterizedTest @MethodSource("words") void words(String word) { assertEquals(3, word.length()); }
    static Stream<String> words() { return Stream.of("one", "two", "six"); }
    @TestFactory Stream<DynamicTest> dynamic() { return Stream.of(1, 2, 3).map(n -> DynamicTest.dynamicTest("number " + n, () -> assertEquals(n, n % 3))); }

    @Nested class Inner {
        @Test void deeper() { assertEquals(1, counter); }
    }
}
