/** A document written with PDFBox, read again, and its text. */

import java.io.File;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.*;
import org.apache.pdfbox.pdmodel.*;
import org.apache.pdfbox.text.PDFTextStripper;

public class PdfDriver {
    public static void main(String[] args) throws Exception {
        try (PDDocument document = new PDDocument()) {
            for (int i = 1; i <= 2; i++) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
                    stream.setStrokingColor(1f, 0f, 0f);
                    stream.moveTo(10, 10);
                    stream.curveTo(20, 50, 60, 80, 100, 100 * i);
                    stream.stroke();
                }
            }
            document.getDocumentInformation().setTitle("Tea");
            document.save(args[0]);
        }
        try (PDDocument document = Loader.loadPDF(new File(args[0]))) {
            System.out.println(document.getNumberOfPages() + " " + document.getPage(1).getMediaBox() + " " + document.getDocumentInformation().getTitle());
            System.out.println(new String(document.getPage(1).getContents().readAllBytes()));
            System.out.println("text: " + new PDFTextStripper().getText(document).strip());
        }
    }
}
