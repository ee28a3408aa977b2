public class Start0 { public static void main(String[] a) { System.out.println("count !"); System.out.println("ran"); } }
