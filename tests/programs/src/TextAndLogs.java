import java.io.*;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.*;
import java.text.*;
import java.time.*;
import java.time.format.*;
import java.util.*;
import java.util.logging.*;
import java.util.prefs.*;

/** Locales, charsets, formats, logging with properties, preferences. */
public class TextAndLogs {
    public static void main(String[] args) throws Exception {
        locales();
        charsets();
        formats();
        bundles();
        logging();
        preferences();
    }

    static void locales() {
        System.out.println(Locale.getDefault() + " " + Locale.forLanguageTag("de-CH").getDisplayName(Locale.ENGLISH) + " " + Locale.of("ja", "JP").getDisplayCountry(Locale.FRENCH));
        for (String tag : List.of("en-US", "de-DE", "fr-FR", "ja-JP", "ar-EG", "hi-IN", "pt-BR", "tr-TR")) {
            Locale l = Locale.forLanguageTag(tag);
            System.out.println(tag + " " + NumberFormat.getInstance(l).format(1234567.891) + " " + NumberFormat.getCurrencyInstance(l).format(-42.5) + " " + NumberFormat.getPercentInstance(l).format(0.256)
                + " " + NumberFormat.getCompactNumberInstance(l, NumberFormat.Style.SHORT).format(12345));
            System.out.println(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(l).format(LocalDate.of(2024, 2, 29)) + " | " + DayOfWeek.MONDAY.getDisplayName(TextStyle.SHORT, l) + " | " + Calendar.getInstance(l).getFirstDayOfWeek());
        }
        System.out.println("TITLE".toLowerCase(Locale.of("tr")) + " " + "straße".toUpperCase(Locale.GERMAN) + " " + String.format(Locale.GERMANY, "%,.2f %tB", 1234.5, LocalDate.of(2024, 3, 1)));
        Collator c = Collator.getInstance(Locale.of("sv"));
        List<String> words = new ArrayList<>(List.of("zebra", "ärlig", "apa", "öl", "ål"));
        words.sort(c);
        System.out.println(words);
        BreakIterator b = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        b.setText("One. Two? Three!");
        StringBuilder s = new StringBuilder();
        for (int i = b.first(); i != BreakIterator.DONE; i = b.next()) s.append(i).append(' ');
        System.out.println(s.toString() + Normalizer.normalize("é", Normalizer.Form.NFD).length() + " " + Currency.getInstance("EUR").getSymbol(Locale.FRANCE) + " " + Locale.getAvailableLocales().length);
    }

    static void charsets() throws Exception {
        String text = "Grüße, 日本 €😀";
        for (String name : List.of("UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "US-ASCII", "windows-1252", "ISO-8859-15", "IBM850", "KOI8-R", "GB18030", "x-none")) {
            if (!Charset.isSupported(name)) {
                System.out.println(name + " is not supported");
                continue;
            }
            byte[] bytes = text.getBytes(name);
            System.out.println(name + " " + HexFormat.of().formatHex(bytes) + " " + new String(bytes, name).equals(text) + " " + Charset.forName(name).aliases().size());
        }
        System.out.println(Charset.availableCharsets().size() + " " + Charset.defaultCharset() + " " + Charset.availableCharsets().containsKey("Shift_JIS"));
        CharsetDecoder d = StandardCharsets.UTF_8.newDecoder();
        try { d.decode(ByteBuffer.wrap(new byte[] {'a', (byte) 0xC3})); } catch (MalformedInputException e) { System.out.println(e.getMessage()); }
        try { StandardCharsets.US_ASCII.newEncoder().encode(CharBuffer.wrap("ü")); } catch (UnmappableCharacterException e) { System.out.println(e.getMessage()); }
        System.out.println(d.onMalformedInput(CodingErrorAction.REPLACE).replaceWith("?").decode(ByteBuffer.wrap(new byte[] {'a', (byte) 0xFF, 'b'})));
        try { Charset.forName("x-none"); } catch (UnsupportedCharsetException e) { System.out.println(e); }
    }

    static void formats() throws Exception {
        System.out.println(MessageFormat.format("{0,number,#.##} {1,date,yyyy} {2} {0,choice,0#none|1#one|1<many}", 3.14159, new Date(0), "x"));
        System.out.println(new DecimalFormat("#,##0.00;(#)", DecimalFormatSymbols.getInstance(Locale.US)).format(-1234.567) + " " + new SimpleDateFormat("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).format(new Date(0)));
        System.out.println(NumberFormat.getInstance(Locale.GERMANY).parse("1.234,5") + " " + new SimpleDateFormat("yyyy-MM-dd", Locale.US).parse("2024-02-30").getTime());
        System.out.println(ZonedDateTime.of(2024, 3, 31, 1, 30, 0, 0, ZoneId.of("Europe/Berlin")).plusHours(1) + " " + ZoneId.of("Asia/Kolkata").getRules().getOffset(Instant.EPOCH) + " " + DateTimeFormatter.ofPattern("VV zzzz", Locale.US).format(ZonedDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneId.of("America/New_York"))));
        System.out.println(java.time.chrono.JapaneseDate.from(LocalDate.of(2024, 1, 1)) + " " + java.time.chrono.HijrahDate.from(LocalDate.of(2024, 1, 1)));
    }

    public static class Words extends ListResourceBundle {
        protected Object[][] getContents() { return new Object[][] {{"cup", "cup"}, {"only", "here"}}; }
    }

    public static class Words_de extends ListResourceBundle {
        protected Object[][] getContents() { return new Object[][] {{"cup", "Tasse"}}; }
    }

    static void bundles() throws Exception {
        ResourceBundle b = ResourceBundle.getBundle("TextAndLogs$Words", Locale.GERMANY);
        System.out.println(b.getString("cup") + " " + b.getString("only") + " " + b.getLocale());
        try { b.getString("none"); } catch (MissingResourceException e) { System.out.println(e.getMessage()); }
        ResourceBundle p = new PropertyResourceBundle(new StringReader("a=1\nb = zwei\\u00e4\n"));
        System.out.println(p.getString("b") + " " + new TreeSet<>(p.keySet()));
        Properties q = new Properties();
        q.setProperty("k", "ü=:");
        StringWriter w = new StringWriter();
        q.store(w, null);
        System.out.println(w.toString().lines().filter(l -> !l.startsWith("#")).toList());
        ByteArrayOutputStream x = new ByteArrayOutputStream();
        q.storeToXML(x, "c");
        Properties r = new Properties();
        r.loadFromXML(new ByteArrayInputStream(x.toByteArray()));
        System.out.println(r);
    }

    static void logging() throws Exception {
        String config = """
            handlers=java.util.logging.ConsoleHandler
            .level=WARNING
            cup.level=FINE
            java.util.logging.ConsoleHandler.level=ALL
            java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
            java.util.logging.SimpleFormatter.format=%4$s %3$s %5$s%6$s%n
            """;
        LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(config.getBytes()));
        Logger log = Logger.getLogger("cup.small"), other = Logger.getLogger("pot");
        log.fine("fine");
        log.finer("not seen");
        other.info("not seen");
        other.warning("seen");
        log.log(Level.SEVERE, "with {0} and {1}", new Object[] {1, "two"});
        log.log(Level.INFO, "broken", new IllegalStateException("why").getMessage());
        log.setUseParentHandlers(false);
        StringWriter text = new StringWriter();
        Handler h = new Handler() {
            public void publish(LogRecord r) { text.append(r.getLevel() + ":" + getFormatter().formatMessage(r) + ":" + r.getSourceMethodName() + "\n"); }
            public void flush() { }
            public void close() { text.append("closed\n"); }
        };
        h.setFormatter(new SimpleFormatter());
        h.setFilter(r -> true);
        log.addHandler(h);
        log.entering("A", "b");
        log.info(() -> "lazily");
        log.removeHandler(h);
        h.close();
        System.out.println(text.toString().trim().replace('\n', ' ') + " " + log.getLevel() + " " + log.getParent().getName() + " " + log.isLoggable(Level.FINE));
        java.nio.file.Path file = java.nio.file.Files.createTempFile("log", ".xml");
        FileHandler f = new FileHandler(file.toString(), 100000, 1);
        f.setFormatter(new XMLFormatter());
        log.addHandler(f);
        log.warning("to a file");
        f.close();
        String xml = java.nio.file.Files.readString(file);
        System.out.println(xml.contains("<message>to a file</message>") + " " + xml.contains("<logger>cup.small</logger>") + " " + xml.trim().endsWith("</log>"));
        java.nio.file.Files.delete(file);
        System.Logger s = System.getLogger("cup.system");
        s.log(System.Logger.Level.ERROR, "through System.Logger");
        System.out.println(s.getName() + " " + s.isLoggable(System.Logger.Level.DEBUG));
    }

    static void preferences() throws Exception {
        java.nio.file.Path d = java.nio.file.Files.createTempDirectory("prefs");
        System.setProperty("java.util.prefs.userRoot", d.toString());
        System.setProperty("java.util.prefs.systemRoot", d.resolve("system").toString());
        Preferences p = Preferences.userRoot().node("demo/cup");
        p.put("size", "small");
        p.putInt("ml", 60);
        p.putByteArray("bytes", new byte[] {1, 2, 3});
        p.flush();
        System.out.println(p.get("size", "?") + p.getInt("ml", 0) + p.getByteArray("bytes", null).length + " " + p.absolutePath() + " " + new TreeSet<>(List.of(p.keys())) + " " + p.getBoolean("none", true));
        System.out.println(List.of(Preferences.userRoot().node("demo").childrenNames()) + " " + Preferences.userRoot().nodeExists("demo/cup") + " " + p.parent().name());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        p.exportNode(out);
        p.removeNode();
        Preferences.userRoot().flush();
        System.out.println(Preferences.userRoot().nodeExists("demo/cup"));
        Preferences.importPreferences(new ByteArrayInputStream(out.toByteArray()));
        System.out.println(Preferences.userRoot().node("demo/cup").getInt("ml", 0));
        try (var all = java.nio.file.Files.walk(d)) { System.out.println(all.filter(x -> x.toString().endsWith("prefs.xml")).count() > 0); }
    }
}
