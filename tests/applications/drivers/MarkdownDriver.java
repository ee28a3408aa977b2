/** Markdown to HTML. */

import org.commonmark.node.*;
import org.commonmark.parser.*;
import org.commonmark.renderer.html.*;
import org.commonmark.renderer.text.*;

public class MarkdownDriver {
    public static void main(String[] args) {
        Node document = Parser.builder().build().parse(
                "# Title\n\nA *b* **c** `d` [l](http://x) ![i](y)\n\n1. one\n2. two\n   - x\n\n> quote\n\n```java\nint x;\n```\n\n<b>h</b> &amp; \\* --- \u00e9\ud83c\udf75\n");
        System.out.println(HtmlRenderer.builder().build().render(document));
        System.out.println(TextContentRenderer.builder().build().render(document));
        int[] links = new int[1];
        document.accept(new AbstractVisitor() {
            public void visit(Link link) {
                links[0]++;
                visitChildren(link);
            }
        });
        System.out.println(links[0]);
    }
}
