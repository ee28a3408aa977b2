/* A scanner with states, Unicode classes, lookahead and counting. */
%%
%class Tokens
%standalone
%unicode
%line
%column
%state TEXT

%{
    private StringBuilder text = new StringBuilder();

    private void token(String kind, String value) {
        System.out.println((yyline + 1) + ":" + (yycolumn + 1) + " " + kind + " " + value);
    }
%}

Newline = \r|\n|\r\n
Name    = [:jletter:] [:jletterdigit:]*
Decimal = [0-9]+ ("." [0-9]+)? ([eE] [+-]? [0-9]+)?
Comment = "//" [^\r\n]*

%%

<YYINITIAL> {
    "if" | "else" | "while"   { token("keyword", yytext()); }
    {Name} / "("              { token("call", yytext()); }
    {Name}                    { token("name", yytext()); }
    {Decimal}                 { token("number", yytext()); }
    \p{Lu}\p{Ll}              { token("pair", yytext()); }
    [-+*/=<>(){};]            { token("sign", yytext()); }
    {Comment}                 { token("comment", "of " + yylength()); }
    \"                        { text.setLength(0); yybegin(TEXT); }
    {Newline} | [ \t]         { }
}

<TEXT> {
    \"                        { yybegin(YYINITIAL); token("text", text.toString()); }
    \\ [nt\"]                 { text.append('<').append(yytext().charAt(1)).append('>'); }
    [^\"\\\r\n]+              { text.append(yytext()); }
    {Newline}                 { yybegin(YYINITIAL); token("unclosed", text.toString()); }
}

[^]                           { token("unknown", Integer.toHexString(yytext().codePointAt(0))); }
