/** One object through Jackson's other formats, with its modules for times and for faster access. */

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

public class FormatsDriver {
    public enum Kind { GREEN, BLACK }

    public record Tea(String name, int price, LocalDate picked, Duration brewing, List<Double> weights, EnumMap<Kind, Integer> stock) {}

    public static class Row {
        private int number;
        private long big;
        private boolean flag;
        private String text;
        private Kind kind;

        public int getNumber() { return number; }
        public void setNumber(int value) { number = value; }
        public long getBig() { return big; }
        public void setBig(long value) { big = value; }
        public boolean isFlag() { return flag; }
        public void setFlag(boolean value) { flag = value; }
        public String getText() { return text; }
        public void setText(String value) { text = value; }
        public Kind getKind() { return kind; }
        public void setKind(Kind value) { kind = value; }

        @Override
        public String toString() {
            return number + " " + big + " " + flag + " " + text + " " + kind;
        }
    }

    static void around(String name, ObjectMapper mapper, Object what) throws Exception {
        byte[] bytes = mapper.writeValueAsBytes(what);
        System.out.println(name + ": " + (name.equals("cbor") ? HexFormat.of().formatHex(bytes) : new String(bytes, "UTF-8")));
        System.out.println(mapper.readValue(bytes, what.getClass()));
    }

    public static void main(String[] args) throws Exception {
        Tea tea = new Tea("Assam", 3, LocalDate.of(2020, 2, 29), Duration.ofMinutes(4), List.of(1.5, 2e300),
                          new EnumMap<>(Map.of(Kind.BLACK, 2)));
        Row row = new Row();
        row.setNumber(1);
        row.setBig(1L << 40);
        row.setFlag(true);
        row.setText("é, \"☕\" <&>");
        row.setKind(Kind.GREEN);
        Map<String, ObjectMapper> mappers = new java.util.LinkedHashMap<>();
        mappers.put("yaml", new YAMLMapper());
        mappers.put("xml", new XmlMapper());
        mappers.put("cbor", new CBORMapper());
        for (var entry : mappers.entrySet()) {
            entry.getValue().registerModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
            around(entry.getKey(), entry.getValue(), tea);
            around(entry.getKey(), entry.getValue(), row);
        }
        around("blackbird", JsonMapper.builder().addModule(new BlackbirdModule()).build(), row);

        CsvMapper csv = new CsvMapper();
        CsvSchema schema = csv.schemaFor(Row.class).withHeader();
        String table = csv.writer(schema).writeValueAsString(List.of(row, row));
        System.out.print(table);
        try (MappingIterator<Row> rows = csv.readerFor(Row.class).with(schema).readValues(table)) {
            rows.forEachRemaining(System.out::println);
        }
        JsonNode tree = mappers.get("xml").readTree("<a><b k='1'>x</b><b/><c>é</c></a>");
        System.out.println(tree + " " + tree.at("/b/0/k"));
        for (String name : mappers.keySet()) {
            try {
                mappers.get(name).readValue(name.equals("xml") ? "<Row><number>q" : "number: q", Row.class);
            } catch (Exception e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
