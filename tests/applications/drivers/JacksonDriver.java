/** Binding, trees, streaming, generics, records, enums, views of errors: what programs use Jackson for. */

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

public class JacksonDriver {
    enum Colour { RED, GREEN }

    record Item(String name, int count, BigDecimal price, Colour colour) {}

    public static class Order {
        public List<Item> items = new ArrayList<>();
        public Map<String, double[]> weights = new LinkedHashMap<>();
        @JsonIgnore public String secret = "hidden";
        private final long id;
        @JsonCreator public Order(@JsonProperty("id") long id) { this.id = id; }
        @JsonProperty("order-id") public long id() { return id; }
        public boolean isUrgent() { return true; }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Cat.class, name = "cat"), @JsonSubTypes.Type(value = Dog.class, name = "dog")})
    interface Animal {}
    record Cat(int lives) implements Animal {}
    record Dog(String trick) implements Animal {}

    public static void main(String[] args) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        Order order = mapper.readValue("""
            {"id": 9007199254740993, "unknown": [1, {}], "items": [{"name": "caf\\u00e9 \\uD83C\\uDF75", "count": 3, "price": 1.10, "colour": "RED"}],
             "weights": {"a": [1, 2.5, -3e-7]}}""", Order.class);
        System.out.println(order.items + " " + order.weights.get("a")[2]);
        System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(order));

        List<Animal> animals = mapper.readValue("[{\"kind\":\"dog\",\"trick\":\"roll\"},{\"kind\":\"cat\",\"lives\":9}]", new TypeReference<>() {});
        System.out.println(animals + " " + mapper.writerFor(new TypeReference<List<Animal>>() {}).writeValueAsString(animals));

        JsonNode tree = mapper.readTree("{\"a\":[true,null,{\"b\":1e400}],\"c\":\"x\"}");
        System.out.println(tree.at("/a/2/b") + " " + tree.path("none").isMissingNode() + " " + tree);
        mapper.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        System.out.println(mapper.writeValueAsString(Map.of("z", 1, "y", List.of(), "x", new int[] {1, 2})));

        int tokens = 0;
        try (JsonParser parser = mapper.createParser("[1,[2,[3,{\"k\":\"v\"}]]]")) {
            while (parser.nextToken() != null) tokens++;
        }
        System.out.println(tokens);
        for (String wrong : List.of("{", "[1,]", "{\"id\": \"x\"}", "{\"items\": [{\"colour\": \"BLUE\"}]}", "nul")) {
            try {
                System.out.println(mapper.readValue(wrong, Order.class));
            } catch (JsonProcessingException e) {
                System.out.println(e.getClass().getName() + ": " + e.getMessage());
            }
        }
        try {
            System.out.println(mapper.writeValueAsString(Optional.of(1)));
        } catch (JsonProcessingException e) {
            System.out.println(e.getMessage());
        }
    }
}
