/** HTML that is not well formed, selectors, cleaning, XML, and errors of selectors. */

import org.jsoup.*;
import org.jsoup.nodes.*;
import org.jsoup.safety.*;

public class JsoupDriver {
    public static void main(String[] x) throws Exception {
        Document d =
                Jsoup.parse(
                        "<html><title>T &amp; é</title><body><p class=a>one<p class='b c'>two"
                            + " <b>bold</i> &nbsp;<a"
                            + " href=/x?y=1>link</a><table><tr><td>1<td>2</table><script>if(a<b){}</script>",
                        "http://h/");
        System.out.println(d.outerHtml());
        System.out.println(d.select("p.b > a[href^=/x], td:eq(1)"));
        System.out.println(d.select("a").first().absUrl("href"));
        System.out.println(
                Jsoup.clean(
                        "<a onclick=x href='http://q'>k</a><script>1</script>", Safelist.basic()));
        System.out.println(d.select("p").eachText());
        try {
            d.select("p[");
        } catch (Exception e) {
            System.out.println(e);
        }
        System.out.println(Jsoup.parse("<r><i>1</i></r>", "", org.jsoup.parser.Parser.xmlParser()));
    }
}
