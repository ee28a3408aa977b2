/** Templates of FreeMarker: what they give, and what they say of mistakes. */

import freemarker.template.*;
import java.io.*;
import java.util.*;

public class FreemarkerDriver {
    public record Cup(String name, int size) {
        public String getName() {
            return name;
        }

        public int getSize() {
            return size;
        }
    }

    public static void main(String[] args) throws Exception {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_33);
        configuration.setLocale(Locale.US);
        configuration.setLogTemplateExceptions(false);
        String text = """
                <#list cups as c>${c?index} ${c.name?upper_case} ${c.size?string('0.00')}<#sep>, </#list>
                <#macro m x>[${x}]</#macro><@m x='q'/> ${when?date?iso_utc} ${1234567.891} <#if none??>a<#else>b</#if>
                <#assign s = "tea,coffee"?split(",")>${s?join("|")} ${s?size} ${"x<y"?html} ${(7 / 2)?floor}
                """;
        Map<String, Object> model = Map.of("cups", List.of(new Cup("é", 1), new Cup("b", 2)), "when", new Date(0));
        new Template("cups", text, configuration).process(model, new OutputStreamWriter(System.out));
        for (String wrong : List.of("${nope}", "${1 + }", "<#list 5 as x></#list>")) {
            try {
                new Template("wrong", wrong, configuration).process(model, new StringWriter());
            } catch (TemplateException | IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
