package p;

public class Sup {
}
