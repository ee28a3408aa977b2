/** Binding with records, enums, generics, arrays and transient fields; trees; errors. */

import com.google.gson.*;
import com.google.gson.reflect.*;

import java.util.*;

public class GsonDriver {
    record R(int a, String b, List<Double> c) {}

    enum E {
        X,
        Y
    }

    static class P {
        transient int t = 1;
        E e = E.Y;
        Map<String, R> m = new LinkedHashMap<>();
        int[][] g = {{1}, {2, 3}};
        Date d = new Date(0);
        Object n;
    }

    public static void main(String[] x) {
        Gson g = new GsonBuilder().setPrettyPrinting().serializeNulls().create();
        P p = new P();
        p.m.put("k", new R(1, "é<>", List.of(1.5)));
        String s = g.toJson(p);
        System.out.println(s);
        P q = g.fromJson(s, P.class);
        System.out.println(q.m + " " + q.e + " " + q.g[1][1]);
        List<Map<String, Integer>> l =
                g.fromJson("[{\"a\":1}]", new TypeToken<List<Map<String, Integer>>>() {}.getType());
        System.out.println(l);
        try {
            g.fromJson("{\"g\": 5}", P.class);
        } catch (JsonParseException e) {
            System.out.println(e);
        }
        System.out.println(JsonParser.parseString("[1,{'a':null}]"));
        try {
            g.toJson(Thread.currentThread());
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
    }
}
