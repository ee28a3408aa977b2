/** Bar codes of ZXing, drawn as text and read again. */

import com.google.zxing.*;
import com.google.zxing.common.*;
import java.util.Map;

public class ZxingDriver {
    public static void main(String[] args) throws Exception {
        for (BarcodeFormat format : new BarcodeFormat[] {BarcodeFormat.QR_CODE, BarcodeFormat.AZTEC, BarcodeFormat.DATA_MATRIX,
                                                         BarcodeFormat.PDF_417, BarcodeFormat.CODE_128}) {
            BitMatrix matrix = new MultiFormatWriter().encode("A cup of tea, 42", format, 40, 40);
            System.out.println(format + "\n" + matrix.toString("#", "."));
        }
        BitMatrix matrix = new MultiFormatWriter().encode("Hello, é!", BarcodeFormat.QR_CODE, 160, 160, Map.of(EncodeHintType.CHARACTER_SET, "UTF-8"));
        int[] pixels = new int[160 * 160];
        for (int i = 0; i < pixels.length; i++) pixels[i] = matrix.get(i % 160, i / 160) ? 0xFF000000 : -1;
        BinaryBitmap bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(160, 160, pixels)));
        System.out.println(new MultiFormatReader().decode(bitmap).getText());
    }
}
