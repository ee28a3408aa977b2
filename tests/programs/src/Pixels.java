// Images as arrays of pixels, and the formats of javax.imageio that are written in Java; colours and geometry.
import java.awt.Color;
import java.awt.GraphicsEnvironment;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

public class Pixels {
    static String sum(BufferedImage image) {
        int sum = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                sum = sum * 31 + image.getRGB(x, y);
            }
        }
        return image.getWidth() + "x" + image.getHeight() + " " + Integer.toHexString(sum);
    }

    static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(24, 16, type);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 24; x++) {
                image.setRGB(x, y, (x * 10 + 15) << 24 | x * 10 << 16 | y * 15 << 8 | (x ^ y));
            }
        }
        return image;
    }

    public static void main(String[] arguments) throws IOException {
        System.out.println(GraphicsEnvironment.isHeadless() + " " + new Color(1, 2, 3) + " " + Color.decode("#ff8800").darker());
        System.out.println(new Rectangle(1, 2, 3, 4).intersection(new Rectangle(2, 2, 9, 9)) + " " + new Point(1, 2));
        Area area = new Area(new Ellipse2D.Double(0, 0, 10, 6));
        area.subtract(new Area(new Rectangle2D.Double(2, 2, 20, 20)));
        System.out.println(area.createTransformedArea(AffineTransform.getRotateInstance(0.5)).getBounds2D());
        for (int type = BufferedImage.TYPE_INT_RGB; type <= BufferedImage.TYPE_BYTE_INDEXED; type++) {
            BufferedImage image = image(type);
            System.out.println(type + " " + sum(image) + " " + sum(image.getSubimage(3, 4, 10, 5)) + " " + image.getColorModel().getPixelSize()
                    + " " + Arrays.toString(image.getRaster().getPixel(5, 6, (int[]) null)));
        }
        System.out.println(sum(new RescaleOp(1.5f, 3, null).filter(image(BufferedImage.TYPE_INT_RGB), null)));
        for (String format : new String[] {"png", "gif", "bmp", "tiff"}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            boolean written = ImageIO.write(image(BufferedImage.TYPE_INT_RGB), format, out);
            System.out.println(format + " " + written + " " + out.size() + " " + sum(ImageIO.read(new ByteArrayInputStream(out.toByteArray()))));
        }
    }
}
