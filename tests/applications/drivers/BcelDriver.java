/** A class made instruction by instruction, and one read. */

import org.apache.bcel.*;
import org.apache.bcel.classfile.*;
import org.apache.bcel.generic.*;

public class BcelDriver {
    public static void main(String[] args) throws Exception {
        ClassGen made = new ClassGen("G", "java.lang.Object", "G.java", Const.ACC_PUBLIC, null);
        ConstantPoolGen pool = made.getConstantPool();
        InstructionList code = new InstructionList();
        code.append(new InstructionFactory(made).createPrintln("made"));
        code.append(InstructionConst.RETURN);
        MethodGen method = new MethodGen(Const.ACC_PUBLIC | Const.ACC_STATIC, Type.VOID, new Type[0], new String[0], "go", "G", code, pool);
        method.setMaxStack();
        made.addMethod(method.getMethod());
        byte[] file = made.getJavaClass().getBytes();
        System.out.println(file.length);
        new ClassLoader() {
            Class<?> define() {
                return defineClass(null, file, 0, file.length);
            }
        }.define().getMethod("go").invoke(null);
        JavaClass read = new ClassParser(BcelDriver.class.getResourceAsStream("/BcelDriver.class"), "BcelDriver.class").parse();
        for (Method m : read.getMethods()) System.out.println(m + "\n" + m.getCode());
    }
}
