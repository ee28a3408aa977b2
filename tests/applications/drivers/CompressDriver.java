/** Compressors and archives of Commons Compress, written and read back. */

import org.apache.commons.compress.archivers.*;
import org.apache.commons.compress.archivers.sevenz.*;
import org.apache.commons.compress.archivers.tar.*;
import org.apache.commons.compress.archivers.zip.*;
import org.apache.commons.compress.compressors.*;
import org.apache.commons.compress.utils.*;

import java.io.*;
import java.nio.file.*;
import java.util.*;

public class CompressDriver {
    public static void main(String[] x) throws Exception {
        byte[] data = "the quick brown fox ".repeat(2000).getBytes();
        for (String n :
                List.of(
                        "gz",
                        "bzip2",
                        "deflate",
                        "lz4-block",
                        "lz4-framed",
                        "snappy-framed",
                        "zstd",
                        "xz"))
            try {
                ByteArrayOutputStream b = new ByteArrayOutputStream();
                try (OutputStream o =
                        new CompressorStreamFactory().createCompressorOutputStream(n, b)) {
                    o.write(data);
                }
                byte[] c = b.toByteArray();
                byte[] u =
                        new CompressorStreamFactory()
                                .createCompressorInputStream(n, new ByteArrayInputStream(c))
                                .readAllBytes();
                System.out.println(
                        n
                                + " "
                                + (n.equals("gz") ? 0 : c.length)
                                + " "
                                + Arrays.equals(u, data)
                                + " "
                                + Arrays.hashCode(c));
            } catch (Throwable e) {
                System.out.println(n + " " + e);
            }
        Path p = Files.createTempFile("a", ".7z");
        try (SevenZOutputFile s = new SevenZOutputFile(p.toFile())) {
            s.setContentCompression(SevenZMethod.DEFLATE);
            SevenZArchiveEntry e = new SevenZArchiveEntry();
            e.setName("f");
            s.putArchiveEntry(e);
            s.write(data);
            s.closeArchiveEntry();
        }
        try (SevenZFile f = SevenZFile.builder().setPath(p).get()) {
            System.out.println(
                    f.getNextEntry().getName()
                            + " "
                            + f.getInputStream(f.getEntries().iterator().next())
                                    .readAllBytes()
                                    .length);
        }
        Files.delete(p);
        ByteArrayOutputStream t = new ByteArrayOutputStream();
        try (TarArchiveOutputStream o = new TarArchiveOutputStream(t)) {
            o.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            TarArchiveEntry e = new TarArchiveEntry("d/" + "long".repeat(60));
            e.setSize(data.length);
            e.setModTime(0L);
            o.putArchiveEntry(e);
            o.write(data);
            o.closeArchiveEntry();
        }
        try (TarArchiveInputStream i =
                new TarArchiveInputStream(new ByteArrayInputStream(t.toByteArray()))) {
            for (TarArchiveEntry e; (e = i.getNextEntry()) != null; )
                System.out.println(e.getName() + " " + e.getSize() + " " + i.readAllBytes().length);
        }
        System.out.println(Arrays.hashCode(t.toByteArray()));
    }
}
