/** Templates. */

import org.apache.velocity.*;
import org.apache.velocity.app.*;

import java.io.*;
import java.util.*;

public class VelocityDriver {
    public static void main(String[] args) {
        VelocityEngine engine = new VelocityEngine();
        engine.init();
        VelocityContext context = new VelocityContext();
        context.put("items", List.of("a", "b", "c"));
        context.put("m", new TreeMap<>(Map.of("k", 1, "l", 2)));
        StringWriter out = new StringWriter();
        engine.evaluate(context, out, "page", "#foreach($i in $items)$foreach.count: $i.toUpperCase()#if($foreach.hasNext),#end\n#end"
                + "#set($x = 3 * 4 + 1)$x $m.k ${m.get('l')} #macro(hi $n)Hello $n#end#hi('cup')\n$undefined $!undefined");
        System.out.println(out);
        try {
            engine.evaluate(context, out, "bad", "#foreach($i in)");
        } catch (Exception e) {
            System.out.println(e.getClass().getName());
        }
    }
}
