"""The pinned jars: one row for each, by the name that the catalogue calls it."""

from __future__ import annotations

from .jars import Jar

#: name: (group, artifact, version, SHA-256, classifier if it has one)
_ROWS: dict[str, tuple[str, ...]] = {
    "antlr4": ("org.antlr", "antlr4", "4.13.2", "eae2dfa119a64327444672aff63e9ec35a20180dc5b8090b7a6ab85125df4d76", "complete"),
    "clojure": ("org.clojure", "clojure", "1.12.0", "c45333006441a059ea9fdb1341fc6c1f40b921a10dccd82665311e48a0384763"),
    "clojure-specs": ("org.clojure", "core.specs.alpha", "0.4.74", "eb73ac08cf49ba840c88ba67beef11336ca554333d9408808d78946e0feb9ddb"),
    "clojure-spec": ("org.clojure", "spec.alpha", "0.5.238", "94cd99b6ea639641f37af4860a643b6ed399ee5a8be5d717cff0b663c8d75077"),
    "closure-compiler": ("com.google.javascript", "closure-compiler", "v20240317",
                         "6b1250ac21c05bdd209dc515d9b6037b30b5555a284dd741ff0591a82848b7ce"),
    "cup-runtime": ("com.github.vbmacher", "java-cup-runtime", "11b-20160615-1",
                    "7efa10d1a1d8a77f855be46e14f1011ff716e2a000a34335b57e44eeed68e03b"),
    "ecj": ("org.eclipse.jdt", "ecj", "3.43.0", "c786468c65e906498e7e36ece4e0d04c6d3dd34c9a61b34a3a5b512801911a82"),
    "failureaccess": ("com.google.guava", "failureaccess", "1.0.2",
                      "8a8f81cf9b359e3f6dfa691a1e776985c061ef2f223c9b2c80753e1b458e8064"),
    "guava": ("com.google.guava", "guava", "33.4.0-jre", "b918c98a7e44dbe94ebd9fe3e40cddaadb5a93e6a78eb6008b42df237241e538"),
    "h2": ("com.h2database", "h2", "2.3.232", "8dae62d22db8982c3dcb3826edb9c727c5d302063a67eef7d63d82de401f07d3"),
    "jackson-annotations": ("com.fasterxml.jackson.core", "jackson-annotations", "2.18.2",
                            "581bd61000ef7648943f781ca05689e56d03f6052748365a8e2b3a9b5d3fa32f"),
    "jackson-core": ("com.fasterxml.jackson.core", "jackson-core", "2.18.2",
                     "d8054ae7c0d1c2d2f55d28e46026ebe5892881f3fab5f439233184381c3b4a1f"),
    "jackson-databind": ("com.fasterxml.jackson.core", "jackson-databind", "2.18.2",
                         "4b364e6850dc89172fcf1d4dd26b8ff5488eda44ff4657e22dd265203dd5ab3c"),
    "javacc": ("net.java.dev.javacc", "javacc", "7.0.13", "a4ea46021ec567d89ca305763eedf738ba8a63601445e1aad08a329a6554502a"),
    "jflex": ("de.jflex", "jflex", "1.9.1", "2888d90d6a5ee37166a5e339b1616ad3a2604e6cce246e61deaf115487b18350"),
    "junit-console": ("org.junit.platform", "junit-platform-console-standalone", "1.11.4",
                      "b016ef6b1c3454d6d7c2c88ce081dabf289699686af6622d6e4e2e1b54b4a2fc"),
    "logback-classic": ("ch.qos.logback", "logback-classic", "1.5.16",
                        "f985a33a68d900badec5b0c3c613ab9db66415d2cf378987357ded9da5370e32"),
    "logback-core": ("ch.qos.logback", "logback-core", "1.5.16", "f15e206b98ca25294506d2dadfe5ce2a6da9df9cf7c85d8e7191f99a422df3c9"),
    "lucene": ("org.apache.lucene", "lucene-core", "10.1.0", "dfe584dbe6808942667e6f1bd558b3ab1dbc27b318fa1c53fb242f3289a7adc5"),
    "rhino": ("org.mozilla", "rhino", "1.7.15", "2427fdcbc149ca0a25ccfbb7c71b01f39ad42708773a47816cd2342861766b63"),
    "sat4j": ("org.ow2.sat4j", "org.ow2.sat4j.core", "2.3.6", "0e7aacdd976dd958291e6a5599bdae0d40246fe1277b7b63a80db0fc92d469d7"),
    "saxon": ("net.sf.saxon", "Saxon-HE", "12.5", "98c3a91e6e5aaf9b3e2b37601e04b214a6e67098493cdd8232fcb705fddcb674"),
    "slf4j": ("org.slf4j", "slf4j-api", "2.0.16", "a12578dde1ba00bd9b816d388a0b879928d00bab3c83c240f7013bf4196c579a"),
    "xmlresolver": ("org.xmlresolver", "xmlresolver", "5.2.2", "efc92bd7ed32b3e57095e0b3e872051ccfbbdcc980831ef33e89e38161a85222"),
}

JARS = {name: Jar(*row) for name, row in _ROWS.items()}
