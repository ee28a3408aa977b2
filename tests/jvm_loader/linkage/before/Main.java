/** Tries what the changed classes no longer allow, and prints the exception that each attempt ends in. */
public class Main {
    interface Attempt {
        void run() throws Throwable;
    }

    static void attempt(String name, Attempt attempt) {
        try {
            attempt.run();
            System.out.println(name + " works");
        } catch (Throwable thrown) {
            System.out.println(name + " " + thrown);
            for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
                System.out.println("   cause " + cause);
                for (StackTraceElement element : cause.getStackTrace()) {
                    System.out.println("      " + element);
                }
            }
        }
    }

    public static void main(String[] arguments) {
        attempt("0", new Attempt() {
            public void run() throws Throwable {
                new A().f++;
            }
        });
        attempt("1", new Attempt() {
            public void run() throws Throwable {
                A.sf++;
            }
        });
        attempt("2", new Attempt() {
            public void run() throws Throwable {
                System.out.println(new A().gone);
            }
        });
        attempt("3", new Attempt() {
            public void run() throws Throwable {
                new A().m(3);
            }
        });
        attempt("4", new Attempt() {
            public void run() throws Throwable {
                A.sm();
            }
        });
        attempt("5", new Attempt() {
            public void run() throws Throwable {
                new A().gonem(null,"");
            }
        });
        attempt("6", new Attempt() {
            public void run() throws Throwable {
                A.toInst=1;
            }
        });
        attempt("7", new Attempt() {
            public void run() throws Throwable {
                new A().toStat=1;
            }
        });
        attempt("8", new Attempt() {
            public void run() throws Throwable {
                new A().mStat();
            }
        });
        attempt("9", new Attempt() {
            public void run() throws Throwable {
                A.mInst();
            }
        });
        attempt("10", new Attempt() {
            public void run() throws Throwable {
                new A().fin=3;
            }
        });
        attempt("11", new Attempt() {
            public void run() throws Throwable {
                A.sfin=3;
            }
        });
        attempt("12", new Attempt() {
            public void run() throws Throwable {
                new A(3);
            }
        });
        attempt("13", new Attempt() {
            public void run() throws Throwable {
                new A().pf=3;
            }
        });
        attempt("14", new Attempt() {
            public void run() throws Throwable {
                new IC().x();
            }
        });
        attempt("15", new Attempt() {
            public void run() throws Throwable {
                IC.sx();
            }
        });
        attempt("16", new Attempt() {
            public void run() throws Throwable {
                ((CI)null).x();
            }
        });
        attempt("17", new Attempt() {
            public void run() throws Throwable {
                Class.forName("CImpl");
            }
        });
        attempt("18", new Attempt() {
            public void run() throws Throwable {
                new Abs().am();
            }
        });
        attempt("19", new Attempt() {
            public void run() throws Throwable {
                new AbsSub().am();
            }
        });
        attempt("20", new Attempt() {
            public void run() throws Throwable {
                I i=new Impl(); i.a();
            }
        });
        attempt("21", new Attempt() {
            public void run() throws Throwable {
                ((I)(Object)new Impl()).a();
            }
        });
        attempt("22", new Attempt() {
            public void run() throws Throwable {
                new Impl2().j(1);
            }
        });
        attempt("23", new Attempt() {
            public void run() throws Throwable {
                J j=new Impl2(); j.j(2);
            }
        });
        attempt("24", new Attempt() {
            public void run() throws Throwable {
                new FinSub().fm();
            }
        });
        attempt("25", new Attempt() {
            public void run() throws Throwable {
                new FMSub().fm(1);
            }
        });
        attempt("26", new Attempt() {
            public void run() throws Throwable {
                System.out.println(new DD().q());
            }
        });
        attempt("27", new Attempt() {
            public void run() throws Throwable {
                D1 d=new DD(); System.out.println(d.q());
            }
        });
        attempt("28", new Attempt() {
            public void run() throws Throwable {
                System.out.println(Miss.x);
            }
        });
        attempt("29", new Attempt() {
            public void run() throws Throwable {
                new Miss();
            }
        });
        attempt("30", new Attempt() {
            public void run() throws Throwable {
                Object o = new Miss[3];
            }
        });
        attempt("31", new Attempt() {
            public void run() throws Throwable {
                new SubOfI();
            }
        });
        attempt("32", new Attempt() {
            public void run() throws Throwable {
                new SubOfC();
            }
        });
        attempt("33", new Attempt() {
            public void run() throws Throwable {
                System.out.println(p.Pub.z);
            }
        });
        attempt("34", new Attempt() {
            public void run() throws Throwable {
                new p.Pub().r();
            }
        });
        attempt("35", new Attempt() {
            public void run() throws Throwable {
                new PSub();
            }
        });
        attempt("36", new Attempt() {
            public void run() throws Throwable {
                new p.Prot().pm(1,null);
            }
        });
        attempt("37", new Attempt() {
            public void run() throws Throwable {
                new p.Prot().pf=1;
            }
        });
        attempt("38", new Attempt() {
            public void run() throws Throwable {
                System.out.println(p.Prot.psf);
            }
        });
        attempt("39", new Attempt() {
            public void run() throws Throwable {
                p.Prot.psm();
            }
        });
        attempt("40", new Attempt() {
            public void run() throws Throwable {
                Bad.go();
            }
        });
        attempt("41", new Attempt() {
            public void run() throws Throwable {
                Bad.go();
            }
        });
        attempt("42", new Attempt() {
            public void run() throws Throwable {
                Bad2.go();
            }
        });
        attempt("43", new Attempt() {
            public void run() throws Throwable {
                Bad2.go();
            }
        });
        attempt("44", new Attempt() {
            public void run() throws Throwable {
                Bad3.go();
            }
        });
        attempt("45", new Attempt() {
            public void run() throws Throwable {
                Bad3.go();
            }
        });
        attempt("46", new Attempt() {
            public void run() throws Throwable {
                Bad4.go();
            }
        });
        attempt("47", new Attempt() {
            public void run() throws Throwable {
                Bad4.go();
            }
        });
        attempt("48", new Attempt() {
            public void run() throws Throwable {
                BadSub.go2();
            }
        });
        attempt("49", new Attempt() {
            public void run() throws Throwable {
                BadSub.go2();
            }
        });
        attempt("50", new Attempt() {
            public void run() throws Throwable {
                new Bad5();
            }
        });
        attempt("51", new Attempt() {
            public void run() throws Throwable {
                Class.forName("does.not.Exist");
            }
        });
        attempt("52", new Attempt() {
            public void run() throws Throwable {
                Class.forName("does.not.Exist", false, null);
            }
        });
        attempt("53", new Attempt() {
            public void run() throws Throwable {
                Class.forName("[Ldoes.not.Exist;");
            }
        });
        attempt("54", new Attempt() {
            public void run() throws Throwable {
                Class.forName("a/b");
            }
        });
        attempt("55", new Attempt() {
            public void run() throws Throwable {
                ClassLoader.getSystemClassLoader().loadClass("nope.X");
            }
        });
        attempt("56", new Attempt() {
            public void run() throws Throwable {
                Object q = new int[-1];
            }
        });
        attempt("57", new Attempt() {
            public void run() throws Throwable {
                ((Integer)(Object)"s").intValue();
            }
        });
        attempt("58", new Attempt() {
            public void run() throws Throwable {
                Object[] oo = new String[1]; oo[0]=1;
            }
        });
        attempt("59", new Attempt() {
            public void run() throws Throwable {
                new CirA();
            }
        });
        attempt("60", new Attempt() {
            public void run() throws Throwable {
                new CirB();
            }
        });
        attempt("61", new Attempt() {
            public void run() throws Throwable {
                new SubOfFriend();
            }
        });
        attempt("62", new Attempt() {
            public void run() throws Throwable {
                System.out.println(new Friend().open());
            }
        });
    }
}
