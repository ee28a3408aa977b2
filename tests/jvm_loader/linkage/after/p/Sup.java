package p;

class Sup {
}
