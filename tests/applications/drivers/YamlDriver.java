/** Loading and dumping of documents and beans, anchors, tags, several documents, errors. */

import org.yaml.snakeyaml.*;

import java.util.*;

public class YamlDriver {
    public static class B {
        public int x;
        public String s;
        public List<B> l;
        public Map<String, Date> m;
    }

    public static void main(String[] x) {
        Yaml y = new Yaml();
        Object o =
                y.load(
                        "a: &A [1, 2.5, 0x1F, 0o17, true, ~, 2001-12-14t21:59:43.10-05:00]\n"
                            + "b: *A\n"
                            + "c: |\n"
                            + "  lit\n"
                            + "  eral\n"
                            + "d: >-\n"
                            + "  fol\n"
                            + "  ded\n"
                            + "? [k]\n"
                            + ": v\n"
                            + "e: !!set {q, r}\n"
                            + "f: \"\\u00e9\\n"
                            + "\"\n"
                            + "<<: {z: 1}\n");
        System.out.println(o);
        DumperOptions d = new DumperOptions();
        d.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        System.out.println(new Yaml(d).dump(o));
        B b =
                new Yaml(
                                new org.yaml.snakeyaml.constructor.Constructor(
                                        B.class, new LoaderOptions()))
                        .load("x: 3\ns: q\nl: [{x: 4}]\nm: {t: 2020-01-01}");
        System.out.println(b.x + b.s + b.l.get(0).x + b.m);
        System.out.println(y.dumpAsMap(b));
        for (String w : List.of("a: [", "a: b: c", "\t x", "!!java.io.File [x]", "a: *q"))
            try {
                System.out.println(y.<Object>load(w));
            } catch (Exception e) {
                System.out.println(e.getMessage());
            }
        for (Object z : y.loadAll("1\n---\n2\n...\n")) System.out.println(z);
    }
}
