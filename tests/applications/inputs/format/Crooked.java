package  a.b ;
import java.util.*; import java.io.File;
/** Doc   comment
* with <b>markup</b> and a very long line that has to be broken because it is much longer than one hundred characters.
*/
public class Crooked<T extends Comparable<T>>{int a,b;
  @Override public String toString(){return "a"+a+"some long text that goes on and on"+b+"and on and on until the line is full of it";}
static final Map<String,List<Integer>> M=new HashMap<>();
  void f(int[]x){for(int i=0;i<x.length;i++){if(x[i]>3)continue;else{g();}}
  switch(a){case 1:case 2:break;default:throw new IllegalStateException();}
  Runnable r=()->{System.out.println("lambda");};List<String> l=M.keySet().stream().filter(s->!s.isEmpty()).map(String::trim).sorted(Comparator.reverseOrder()).toList(); // trailing
  try(var y=new java.io.StringReader("q")){}catch(java.io.IOException|RuntimeException e){}finally{} }
void g(){do{a++;}while(a<10);int z=a>3?b:a<2?1:0;}
 enum E{A,B{void h(){}};}
}
