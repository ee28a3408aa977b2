/** A class made with ASM, run, printed and checked. */

import java.io.PrintWriter;
import java.util.function.IntUnaryOperator;
import org.objectweb.asm.*;
import org.objectweb.asm.util.*;

public class AsmDriver implements Opcodes {
    static byte[] absolute() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(V21, ACC_PUBLIC, "Absolute", null, "java/lang/Object", new String[] {"java/util/function/IntUnaryOperator"});
        MethodVisitor method = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        method.visitVarInsn(ALOAD, 0);
        method.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        method.visitInsn(RETURN);
        method.visitMaxs(0, 0);
        method = writer.visitMethod(ACC_PUBLIC, "applyAsInt", "(I)I", null, null);
        Label positive = new Label();
        method.visitVarInsn(ILOAD, 1);
        method.visitJumpInsn(IFGE, positive);
        method.visitVarInsn(ILOAD, 1);
        method.visitInsn(INEG);
        method.visitInsn(IRETURN);
        method.visitLabel(positive);
        method.visitVarInsn(ILOAD, 1);
        method.visitInsn(IRETURN);
        method.visitMaxs(0, 0);
        return writer.toByteArray();
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = absolute();
        Class<?> made = new ClassLoader() {
            Class<?> define() {
                return defineClass("Absolute", bytes, 0, bytes.length);
            }
        }.define();
        System.out.println(((IntUnaryOperator) made.getConstructor().newInstance()).applyAsInt(-5));
        new ClassReader(bytes).accept(new TraceClassVisitor(new PrintWriter(System.out)), 0);
        CheckClassAdapter.verify(new ClassReader(AsmDriver.class.getResourceAsStream("AsmDriver.class").readAllBytes()), false,
                new PrintWriter(System.out));
        new ClassReader(AsmDriver.class.getResourceAsStream("AsmDriver.class").readAllBytes())
                .accept(new TraceClassVisitor(new PrintWriter(System.out)), ClassReader.SKIP_DEBUG);
    }
}
